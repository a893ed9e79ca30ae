package io.geniesession.integration;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The jars of this build and the libraries they need, where Maven has put them on the class path of the tests. Nothing
 * here is a folder of classes: these tests run after the phase {@code package}.
 */
final class Jars {
    private static final String VERSION = System.getProperty("genie.test.version", "");

    /** Groups that are here for the tests and that no application has at run time. */
    private static final Set<String> FOR_TESTS = Set.of(
            "org/junit",
            "org/assertj",
            "org/opentest4j",
            "org/apiguardian",
            "net/bytebuddy",
            "org/apache/maven",
            "org/jspecify",
            "jakarta/servlet");

    private static final List<Path> CLASS_PATH = Arrays.stream(
                    System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> entry.endsWith(".jar"))
            .map(Path::of)
            .toList();

    private Jars() {}

    /** Returns the jar of one of our artifacts. */
    static Path of(String artifact) {
        return find(artifact + "-" + VERSION + ".jar");
    }

    /** Returns what stands beside an artifact's jar, such as its sources. */
    static Path of(String artifact, String classifier) {
        return of(artifact).resolveSibling(artifact + "-" + VERSION + "-" + classifier + ".jar");
    }

    static List<Path> api() {
        return List.of(of("genie-session-api"));
    }

    static List<Path> memory() {
        return join(api(), List.of(of("genie-session-memory"), library("caffeine-")));
    }

    static List<Path> jdbc() {
        return join(api(), List.of(of("genie-session-jdbc")), libraries());
    }

    static List<Path> servlet() {
        return join(api(), List.of(of("genie-session-servlet"), library("jakarta.servlet-api-")));
    }

    /** Returns the kit with everything that runs tests. */
    static List<Path> tck() {
        List<Path> runners = CLASS_PATH.stream()
                .filter(jar -> isForTests(jar) && !slashed(jar).contains("/org/apache/maven/"))
                .toList();
        return join(api(), List.of(of("genie-session-tck")), runners);
    }

    @SafeVarargs
    static List<Path> join(List<Path>... lists) {
        Set<Path> all = new LinkedHashSet<>();
        for (List<Path> list : lists) {
            all.addAll(list);
        }
        return List.copyOf(all);
    }

    static String path(List<Path> entries) {
        List<String> names = new ArrayList<>();
        entries.forEach(entry -> names.add(entry.toString()));
        return String.join(File.pathSeparator, names);
    }

    private static List<Path> libraries() {
        return CLASS_PATH.stream()
                .filter(jar -> !isForTests(jar) && !jar.getFileName().toString().endsWith(VERSION + ".jar"))
                .toList();
    }

    private static boolean isForTests(Path jar) {
        return FOR_TESTS.stream().anyMatch(group -> slashed(jar).contains("/" + group + "/"));
    }

    private static Path library(String prefix) {
        return libraryIn(
                CLASS_PATH.stream()
                        .filter(jar -> jar.getFileName().toString().startsWith(prefix))
                        .toList(),
                prefix);
    }

    private static Path find(String fileName) {
        return libraryIn(
                CLASS_PATH.stream().filter(jar -> jar.endsWith(fileName)).toList(), fileName);
    }

    private static Path libraryIn(List<Path> found, String what) {
        if (found.size() != 1 || !Files.isRegularFile(found.get(0))) {
            throw new IllegalStateException(
                    what + " is not exactly once on the class path of the tests: " + CLASS_PATH);
        }
        return found.get(0);
    }

    private static String slashed(Path jar) {
        return jar.toString().replace(File.separatorChar, '/');
    }
}
