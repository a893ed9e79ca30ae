package io.geniesession.benchmarks.report;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;

/**
 * Waits within a fork, before each iteration and before JMH's clock runs, until it is this fork's turn. It profiles nothing; a
 * profiler is where JMH calls before and after an iteration. Belongs to one thread.
 */
public final class TurnProfiler implements InternalProfiler {
    private @Nullable Socket socket;

    /** JMH calls it. */
    public TurnProfiler() {}

    @Override
    public String getDescription() {
        return "Takes turns with other forks";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        try {
            Socket connected = connected();
            connected.getOutputStream().write(1);
            if (connected.getInputStream().read() < 0) {
                throw new IOException("The turns have ended");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("No turn to be had", e);
        }
    }

    private Socket connected() throws IOException {
        Socket open = socket;
        if (open == null) {
            open = new Socket(InetAddress.getLoopbackAddress(), Integer.getInteger(Turns.PORT));
            open.setTcpNoDelay(true);
            new DataOutputStream(open.getOutputStream()).writeInt(Integer.getInteger(Turns.PLACE));
            socket = open;
        }
        return open;
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        try {
            connected().getOutputStream().write(1);
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("The turn cannot be given back", e);
        }
    }
}
