package io.geniesession;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Collects what the core warns of, from here to {@link #close}. */
final class Warnings extends Handler implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(Sessions.class.getName());

    private final List<String> messages = new CopyOnWriteArrayList<>();

    Warnings() {
        LOGGER.addHandler(this);
    }

    List<String> messages() {
        return messages;
    }

    @Override
    public void publish(LogRecord entry) {
        if (entry.getLevel().equals(Level.WARNING)) {
            messages.add(entry.getMessage());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        LOGGER.removeHandler(this);
    }
}
