package io.geniesession.servlet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A container in a process of its own, which says on its output when it is ready and at which port. */
final class ContainerProcess implements AutoCloseable {

    /** Far more than a start takes, also on a machine that does other things. */
    private static final Duration START = Duration.ofSeconds(90);

    private static final Duration STOP = Duration.ofSeconds(30);

    private final Process process;
    private final List<String> output = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final Thread reader;

    private ContainerProcess(Process process, Pattern ready) {
        this.process = process;
        this.reader = new Thread(() -> read(ready), "output of the container");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a container on the Java that runs this test.
     *
     * @param directory the working directory
     * @param ready a line of the output that comes when applications are deployed; the first group is the port
     * @param arguments the arguments of {@code java}
     */
    static ContainerProcess start(Path directory, Pattern ready, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Duser.language=en");
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        return new ContainerProcess(process, ready);
    }

    private void read(Pattern ready) {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                Matcher matcher = ready.matcher(line);
                if (matcher.find()) {
                    port.complete(Integer.valueOf(matcher.group(1)));
                }
            }
            port.completeExceptionally(new IllegalStateException("The container has ended"));
        } catch (IOException e) {
            port.completeExceptionally(new UncheckedIOException(e));
        }
    }

    /** Waits until the container is ready. */
    int port() throws Exception {
        try {
            return port.get(START.toSeconds(), TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The container did not become ready:\n" + output(), e);
        }
    }

    /** Asks the process to end, as a service manager does, and returns when it has. */
    String stop() throws Exception {
        process.destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("The container did not stop:\n" + output());
        }
        reader.join(STOP.toMillis());
        return output();
    }

    String output() {
        return String.join("\n", List.copyOf(output));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
