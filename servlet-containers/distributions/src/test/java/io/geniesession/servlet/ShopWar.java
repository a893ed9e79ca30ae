package io.geniesession.servlet;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import shop.CountServlet;

/** The application of the package {@code shop} as a war, with our jars and those of the memory adapter in it. */
final class ShopWar {

    /** What stands in WEB-INF/lib; nothing of it belongs to a container. */
    private static final List<String> LIBRARIES =
            List.of("genie-session-api-", "genie-session-servlet-", "genie-session-memory-", "caffeine-");

    private static final String WEB_XML = """
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
              <listener><listener-class>shop.DeclaredListener</listener-class></listener>
              <session-config>
                <session-timeout>7</session-timeout>
                <cookie-config><name>SHOP</name></cookie-config>
              </session-config>
            </web-app>
            """;

    private ShopWar() {}

    static void write(Path war) throws IOException, URISyntaxException {
        try (OutputStream file = Files.newOutputStream(war);
                JarOutputStream zip = new JarOutputStream(file)) {
            add(zip, "WEB-INF/web.xml", WEB_XML.getBytes(StandardCharsets.UTF_8));
            add(zip, "robots.txt", "none".getBytes(StandardCharsets.UTF_8));
            Path classes = Path.of(CountServlet.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (Stream<Path> shop = Files.list(classes.resolve("shop"))) {
                for (Path type : shop.toList()) {
                    add(zip, "WEB-INF/classes/shop/" + type.getFileName(), Files.readAllBytes(type));
                }
            }
            for (String library : LIBRARIES) {
                Path jar = jar(library);
                add(zip, "WEB-INF/lib/" + jar.getFileName(), Files.readAllBytes(jar));
            }
        }
    }

    private static void add(JarOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        zip.closeEntry();
    }

    private static Path jar(String prefix) {
        List<Path> found = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(entry -> {
                    String name = entry.getFileName().toString();
                    return name.startsWith(prefix) && name.endsWith(".jar") && !name.endsWith("-tests.jar");
                })
                .toList();
        if (found.size() != 1) {
            throw new IllegalStateException(prefix + "*.jar is not exactly once on the class path: " + found);
        }
        return found.get(0);
    }
}
