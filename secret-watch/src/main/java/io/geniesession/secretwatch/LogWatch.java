package io.geniesession.secretwatch;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/** Looks at log records of every level, the stack traces with their causes among them. */
final class LogWatch extends Handler {
    private final SimpleFormatter formatter = new SimpleFormatter();

    @Override
    public void publish(LogRecord logged) {
        StringWriter text = new StringWriter();
        text.append(formatter.formatMessage(logged)).append('\n');
        if (logged.getThrown() != null) {
            logged.getThrown().printStackTrace(new PrintWriter(text, true));
        }
        SecretWatch.look("A log record of " + logged.getLoggerName(), text.toString());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
