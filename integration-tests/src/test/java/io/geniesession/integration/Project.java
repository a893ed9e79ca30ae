package io.geniesession.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** A small project of a user: a folder below {@code src/test/projects}. */
record Project(String folder, String module, String mainClass) {
    static final Project CONSUMER = new Project("consumer", "consumer", "com.example.shop.Main");
    static final Project SERVLET_CONSUMER = new Project("servlet-consumer", "servlet.consumer", "com.example.web.Main");
    static final Project ADAPTER = new Project("adapter", "com.example.store", "");
    static final Project ADAPTER_TEST =
            new Project("adapter-test", "com.example.store.test", "com.example.store.test.Main");

    /** Compiles against the given jars, with every lint as an error, and returns the folder of classes. */
    Path compile(Place place, List<Path> jars, Path target) {
        Path classes = target.resolve(folder);
        List<String> arguments =
                new ArrayList<>(List.of("--release", "17", "-Xlint:all", "-Werror", "-d", classes.toString()));
        arguments.addAll(List.of(place.option(), Jars.path(jars)));
        try (Stream<Path> files = Files.walk(source())) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> place.isNamed() || !file.endsWith("module-info.java"))
                    .forEach(file -> arguments.add(file.toString()));
            javac(arguments);
            copyServices(classes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return classes;
    }

    Run run(Place place, List<Path> path, Path workFolder, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>(options);
        command.addAll(place.launch(path, module, mainClass));
        command.addAll(List.of(arguments));
        return Run.java(workFolder, command);
    }

    private void javac(List<String> arguments) {
        StringWriter output = new StringWriter();
        int result = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(new PrintWriter(output, true), new PrintWriter(output, true), arguments.toArray(String[]::new));
        assertThat(result).as("javac of %s: %s", folder, output).isZero();
    }

    private void copyServices(Path classes) throws IOException {
        Path services = source().resolve("META-INF/services");
        if (Files.isDirectory(services)) {
            Path copies = Files.createDirectories(classes.resolve("META-INF/services"));
            try (Stream<Path> files = Files.list(services)) {
                for (Path file : files.toList()) {
                    Files.copy(file, copies.resolve(file.getFileName()));
                }
            }
        }
    }

    private Path source() {
        return Path.of(System.getProperty("basedir", ""), "src", "test", "projects", folder)
                .toAbsolutePath();
    }
}
