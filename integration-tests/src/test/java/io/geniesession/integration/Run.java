package io.geniesession.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What came of a process of its own: {@code name=value} lines on its output, messages on its error output. */
record Run(int exitCode, List<String> output, String errors) {
    private static final long PATIENCE_SECONDS = 120;

    /** Runs the JDK of this process in a folder, with no setting of ours in the environment. */
    static Run java(Path workFolder, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        try {
            Path output = Files.createTempFile(workFolder, "output", ".txt");
            Path errors = Files.createTempFile(workFolder, "errors", ".txt");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(workFolder.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            builder.environment()
                    .keySet()
                    .removeIf(name -> name.startsWith("GENIE_SESSION") || name.endsWith("_OPTIONS"));
            return new Run(exitCode(builder.start()), Files.readAllLines(output), Files.readString(errors));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int exitCode(Process process) {
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("ended within %d s", PATIENCE_SECONDS)
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a process was running", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Returns the value printed under a name, of a process that has done its work. */
    String value(String name) {
        assertThat(exitCode).as("exit code; %s", errors).isZero();
        return output.stream()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No line " + name + "= in " + output));
    }

    /** Returns the message of the exception that ended the process. */
    String failure(String exception) {
        assertThat(exitCode).as("exit code; %s", output).isNotZero();
        assertThat(errors).contains(exception + ": ");
        return errors.lines()
                .filter(line -> line.contains(exception + ": "))
                .findFirst()
                .orElseThrow();
    }
}
