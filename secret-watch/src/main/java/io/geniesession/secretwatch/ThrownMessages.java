package io.geniesession.secretwatch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Looks at the message of every exception that is made, whether or not anybody catches it, with the flight recorder. */
final class ThrownMessages {
    private static final List<String> EVENTS = List.of("jdk.JavaExceptionThrow", "jdk.JavaErrorThrow");

    private Recording recording = begin();

    void start() {
        recording.start();
    }

    private static Recording begin() {
        Recording recording = new Recording();
        for (String event : EVENTS) {
            recording.enable(event).withoutStackTrace().with("throttle", "off");
        }
        return recording;
    }

    /** Looks at what was thrown since the last time. */
    void look() {
        Recording ended = recording;
        recording = begin();
        recording.start();
        ended.stop();
        try (ended) {
            Path file = Files.createTempFile("thrown", ".jfr");
            try {
                ended.dump(file);
                look(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void look(Path file) throws IOException {
        try (RecordingFile events = new RecordingFile(file)) {
            while (events.hasMoreEvents()) {
                look(events.readEvent());
            }
        }
    }

    private static boolean isOurs(String name) {
        return name.startsWith("io.geniesession.") && !name.contains("$");
    }

    /**
     * Every recording has events about itself too. Exceptions of others hold what their makers know, and nested ones belong to
     * tests.
     */
    private static void look(RecordedEvent event) {
        if (!EVENTS.contains(event.getEventType().getName())) {
            return;
        }
        String message = event.getString("message");
        RecordedClass thrown = event.getClass("thrownClass");
        if (message != null && thrown != null && isOurs(thrown.getName())) {
            SecretWatch.look("The message of a " + thrown.getName(), message);
        }
    }
}
