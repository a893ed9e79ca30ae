package io.geniesession.jdbc;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a class of ours logs while this is open. Safe for use by several threads. */
final class Logged extends Handler implements AutoCloseable {

    // Kept, because a logger that nobody holds is forgotten with its handlers.
    private final Logger logger;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    private Logged(Logger logger) {
        this.logger = logger;
    }

    static Logged by(Class<?> type) {
        Logged logged = new Logged(Logger.getLogger(type.getName()));
        logged.logger.addHandler(logged);
        return logged;
    }

    /** Returns level and message of each line. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void publish(LogRecord entry) {
        lines.add(entry.getLevel() + ": " + entry.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
