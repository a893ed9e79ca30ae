package io.geniesession.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Provides;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is in the published jars. */
class PackagedJarsTest {
    private static final String SERVICES = "META-INF/services/";
    private static final int JAVA_17 = 61;

    /** The published artifacts with the names of their modules. */
    enum Artifact {
        API("genie-session-api", "io.geniesession"),
        MEMORY("genie-session-memory", "io.geniesession.memory"),
        JDBC("genie-session-jdbc", "io.geniesession.jdbc"),
        SERVLET("genie-session-servlet", "io.geniesession.servlet"),
        TCK("genie-session-tck", "io.geniesession.tck");

        private final String id;
        private final String module;

        Artifact(String id, String module) {
            this.id = id;
            this.module = module;
        }

        Path jar() {
            return Jars.of(id);
        }

        ModuleDescriptor descriptor() {
            ModuleReference only = ModuleFinder.of(jar()).findAll().stream()
                    .reduce((a, b) -> a)
                    .orElseThrow();
            return only.descriptor();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a jar is a module of its own name, declared and not derived")
    void jarHasModuleDescriptor(Artifact artifact) {
        ModuleDescriptor descriptor = artifact.descriptor();

        assertThat(descriptor.isAutomatic()).isFalse();
        assertThat(descriptor.name()).isEqualTo(artifact.module);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a module exports nothing internal")
    void internalPackagesAreNotExported(Artifact artifact) {
        assertThat(artifact.descriptor().exports())
                .isNotEmpty()
                .allSatisfy(exported -> assertThat(exported.source())
                        .startsWith(artifact.module)
                        .doesNotContain("internal"));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("class path and module path find the same services")
    void servicesAreTheSameOnBothPaths(Artifact artifact) throws IOException {
        Map<String, Set<String>> ofModule = new HashMap<>();
        for (Provides provides : artifact.descriptor().provides()) {
            ofModule.put(provides.service(), new TreeSet<>(provides.providers()));
        }
        assertThat(servicesOf(artifact.jar())).isEqualTo(ofModule);
    }

    @ParameterizedTest
    @EnumSource(names = {"MEMORY", "JDBC", "SERVLET"})
    @DisplayName("what has to be found is declared as a service")
    void servicesAreDeclared(Artifact artifact) {
        assertThat(artifact.descriptor().provides()).hasSize(1);
    }

    @Test
    @DisplayName("the API requires nothing at run time")
    void apiRequiresNothing() {
        assertThat(Artifact.API.descriptor().requires())
                .filteredOn(requires -> !requires.modifiers().contains(Requires.Modifier.STATIC))
                .extracting(Requires::name)
                .containsExactly("java.base");
    }

    @Test
    @DisplayName("all modules are resolved together, with what they need")
    void allModulesResolveTogether() {
        List<Path> path = Jars.join(Jars.memory(), Jars.jdbc(), Jars.servlet(), Jars.tck());
        List<String> names = List.of(Artifact.values()).stream()
                .map(artifact -> artifact.module)
                .toList();

        Configuration resolved = ModuleLayer.boot()
                .configuration()
                .resolve(ModuleFinder.of(path.toArray(Path[]::new)), ModuleFinder.of(), names);

        assertThat(resolved.modules()).extracting(ResolvedModule::name).containsAll(names);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("classes are bytecode of Java 17")
    void classesAreBytecodeOfJava17(Artifact artifact) throws IOException {
        try (JarFile jar = new JarFile(artifact.jar().toFile())) {
            List<JarEntry> classes = jar.stream()
                    .filter(entry -> entry.getName().endsWith(".class"))
                    .toList();
            assertThat(classes).isNotEmpty();
            for (JarEntry entry : classes) {
                try (InputStream bytes = jar.getInputStream(entry)) {
                    byte[] head = bytes.readNBytes(8);
                    assertThat(head[7]).as(entry.getName()).isEqualTo((byte) JAVA_17);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a jar carries the license")
    void jarCarriesLicense(Artifact artifact) throws IOException {
        try (JarFile jar = new JarFile(artifact.jar().toFile())) {
            JarEntry license = jar.getJarEntry("META-INF/LICENSE");
            assertThat(license).as("META-INF/LICENSE").isNotNull();
            try (InputStream text = jar.getInputStream(license)) {
                assertThat(new String(text.readAllBytes(), StandardCharsets.UTF_8))
                        .contains("Apache License");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a jar has its sources and its documentation beside it")
    void sourcesAndJavadocExist(Artifact artifact) throws IOException {
        assumeFalse(System.getProperty("quick") != null, "-Dquick makes neither");

        assertThat(entries(Jars.of(artifact.id, "sources")))
                .contains("module-info.java")
                .anyMatch(name -> name.endsWith("/package-info.java"));
        assertThat(entries(Jars.of(artifact.id, "javadoc")))
                .contains("index.html")
                .anyMatch(name -> name.endsWith("/package-summary.html"));
    }

    private static List<String> entries(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            return jar.stream().map(JarEntry::getName).toList();
        }
    }

    private static Map<String, Set<String>> servicesOf(Path file) throws IOException {
        Map<String, Set<String>> services = new HashMap<>();
        try (JarFile jar = new JarFile(file.toFile())) {
            List<JarEntry> declared = jar.stream()
                    .filter(entry -> entry.getName().startsWith(SERVICES) && !entry.isDirectory())
                    .toList();
            for (JarEntry entry : declared) {
                try (InputStream text = jar.getInputStream(entry)) {
                    String lines = new String(text.readAllBytes(), StandardCharsets.UTF_8);
                    services.put(
                            entry.getName().substring(SERVICES.length()),
                            new TreeSet<>(lines.lines()
                                    .map(String::strip)
                                    .filter(line -> !line.isEmpty())
                                    .toList()));
                }
            }
        }
        return services;
    }
}
