package io.geniesession.secretwatch;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Watches what is printed, logged at whatever level, thrown, and shown by JMX, in every test class of a module that has this
 * one on its class path, and fails the class during which a {@linkplain Secrets secret} is seen.
 *
 * <p>JUnit finds it by service. What threads show after the last class has ended is not seen.
 */
public final class SecretWatch implements BeforeAllCallback, AfterAllCallback {
    private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();
    private static final Logger LIBRARY = Logger.getLogger("io.geniesession");
    private static final ThrownMessages THROWN = new ThrownMessages();

    static {
        Secrets.listenToRandomNumbers();
        System.setOut(watched(System.out, "System.out"));
        System.setErr(watched(System.err, "System.err"));
        LIBRARY.setLevel(Level.ALL);
        LIBRARY.addHandler(new LogWatch());
        THROWN.start();
    }

    private static PrintStream watched(PrintStream stream, String name) {
        return new PrintStream(new LineWatch(stream, name), true, Charset.defaultCharset());
    }

    /** Looks at a text; a few findings say as much as many. */
    static void look(String where, String text) {
        List<String> secrets = FOUND.size() < 20 ? Secrets.in(text) : List.of();
        for (String secret : secrets) {
            FOUND.add(where + " shows " + secret);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // Loading this class is what starts the watch.
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (context.getParent().flatMap(ExtensionContext::getTestClass).isPresent()) {
            return;
        }
        THROWN.look();
        ManagementWatch.look();
        if (!FOUND.isEmpty()) {
            List<String> found = List.copyOf(FOUND);
            FOUND.clear();
            throw new AssertionError(
                    "Secrets were shown during this class or by threads left from an earlier one: " + found);
        }
    }
}
