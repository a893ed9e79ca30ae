package io.geniesession.jdbc;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Processes with the class path of the tests. */
final class ChildProcess {

    private ChildProcess() {}

    /** Starts the main method of a class in a folder; what it says to its error output is thrown away. */
    static Process start(Path folder, Class<?> main, String... arguments) throws IOException {
        return start(folder, List.of("-Dfile.encoding=UTF-8"), main, arguments);
    }

    /** The same with options of the virtual machine. */
    static Process start(Path folder, List<String> options, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        command.addAll(options);
        command.addAll(List.of("-cp", absoluteClassPath(), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String absoluteClassPath() {
        String given = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(given)
                .map(entry -> new File(entry).getAbsolutePath())
                .collect(Collectors.joining(File.pathSeparator));
    }

    static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }
}
