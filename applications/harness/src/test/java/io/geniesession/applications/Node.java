package io.geniesession.applications;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One node of an application: a process of its own, so that nothing but the store outlives a restart. */
final class Node implements AutoCloseable {

    /** What a node prints before its port when it can be asked. */
    private static final String READY = "The node listens on port ";

    /** Far more than a start takes, also on a machine that does other things. */
    private static final Duration START = Duration.ofMinutes(3);

    private static final Duration STOP = Duration.ofMinutes(1);

    private final Process process;
    private final List<String> output = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final Thread reader;

    private Node(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "output of a node");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a node on the Java and the class path of this test, and does not wait for it.
     *
     * @param main calls {@link #ready} when its server is there
     * @param directory where it works
     * @param properties its system properties
     */
    static Node start(Class<?> main, Path directory, Map<String, String> properties) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-Duser.language=en"));
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return new Node(new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start());
    }

    /** Says that the server of this process is there. */
    static void ready(int port) {
        System.out.println(READY + port);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                if (line.startsWith(READY)) {
                    port.complete(Integer.valueOf(line.substring(READY.length())));
                }
            }
            port.completeExceptionally(new IllegalStateException("The node has ended"));
        } catch (IOException e) {
            port.completeExceptionally(new UncheckedIOException(e));
        }
    }

    /** Waits until the node is ready and returns where it is, without a slash at the end. */
    String url() {
        try {
            return "http://localhost:" + port.get(START.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The node did not become ready:\n" + output(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Asks the process to end, as a service manager does, and waits until it has. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("The node did not stop:\n" + output());
        }
        reader.join(STOP.toMillis());
    }

    String output() {
        return String.join("\n", List.copyOf(output));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
