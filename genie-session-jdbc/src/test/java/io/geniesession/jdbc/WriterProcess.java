package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;

import io.geniesession.SessionId;
import io.geniesession.SessionKey;
import io.geniesession.SessionStoreException;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.Renewal;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapter.Detail;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import io.geniesession.tck.TestValue;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An application in a process of its own whose threads create, change, renew and end sessions without a pause. Each says what it
 * is about to do before it does it, and how that ended; {@link WrittenSessions} reads it. It begins with the sessions that it
 * is told on its input.
 *
 * <p>Sent are lines of words: {@code begin THREAD KEY ID VALUE}, with {@code -} for the id of a session that is to end, then
 * {@code done THREAD}, {@code failed THREAD} or, if the outcome is unknown, {@code doubt THREAD}; {@code gone THREAD KEY} where a
 * session turns out to have ended. Each line is one write, so that
 * none is cut off.
 */
final class WriterProcess {

    static final int THREADS = 6;

    /** Ends a line that is whole. */
    static final String WHOLE = " .";

    /** What is said in place of the id of a session that is to end. */
    static final String NO_ID = "-";

    /** Until when the id that a renewal gave up is usable. */
    static final Instant FORMER_UNTIL = START.plusSeconds(30);

    private static final int SESSIONS = 20;
    private static final OutputStream OUT = new FileOutputStream(FileDescriptor.out);

    private WriterProcess() {}

    /** Starts it in a folder, with settings and a seed, and tells it the sessions to begin with. */
    static Process start(Path folder, Map<String, String> settings, long seed, WrittenSessions sessions)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of(Long.toString(seed)));
        settings.forEach((name, value) -> arguments.addAll(List.of(name, value)));
        Process process = ChildProcess.start(folder, WriterProcess.class, arguments.toArray(new String[0]));
        try (OutputStream out = process.getOutputStream()) {
            out.write(sessions.live().getBytes(StandardCharsets.UTF_8));
        }
        return process;
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, String> settings = new HashMap<>();
        for (int i = 1; i < arguments.length; i += 2) {
            settings.put(arguments[i], arguments[i + 1]);
        }
        try {
            List<Writer> writers = open(settings, Long.parseLong(arguments[0]));
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            int next = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                writers.get(next++ % THREADS).takes(line.split(" ", -1));
            }
            say("open");
            writers.forEach(Thread::start);
        } catch (RuntimeException e) {
            say("error " + e);
        }
    }

    private static List<Writer> open(Map<String, String> settings, long seed) {
        SessionAdapter node = JdbcSessionAdapter.open(TestSessions.context(settings));
        return IntStream.range(0, THREADS)
                .mapToObj(number -> new Writer(node, seed + number))
                .toList();
    }

    private static synchronized void say(String line) {
        try {
            OUT.write((line + WHOLE + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What one write stores beside the value, all of it or nothing. Of many lengths, and longer than a page of a database. */
    static String padding(String value) {
        return value.repeat(1 + Math.floorMod(value.hashCode(), 7) * Math.floorMod(value.hashCode(), 113));
    }

    static SessionChanges changes(String value) {
        return TestSessions.set("value", value)
                .withSet(Map.of(
                        "value", TestValue.of(value),
                        "padding", TestValue.of(padding(value))))
                .withIndexes(Map.of("value", Optional.of(value)));
    }

    /** A session as its writer knows it. */
    private static final class Mine {
        private final SessionKey key;
        private SessionId id;

        /** What the last load or persist gave, or null. */
        private @Nullable SessionRecord record;

        Mine(SessionKey key, SessionId id) {
            this.key = key;
            this.id = id;
        }
    }

    private static final class Writer extends Thread {
        private final SessionAdapter node;
        private final Random random;
        private final List<Mine> sessions = new ArrayList<>();

        Writer(SessionAdapter node, long seed) {
            super(Long.toString(seed));
            this.node = node;
            this.random = new Random(seed);
        }

        void takes(String... session) {
            sessions.add(new Mine(
                    new SessionKey(UUID.fromString(session[0])),
                    SessionId.parse(session[1]).orElseThrow()));
        }

        @Override
        public void run() {
            try {
                while (true) {
                    write();
                }
            } catch (RuntimeException | AssertionError e) {
                say("error " + e);
            }
        }

        private void write() {
            int die = random.nextInt(10);
            if (sessions.isEmpty() || (die < 2 && sessions.size() < SESSIONS)) {
                create();
                return;
            }
            Mine mine = sessions.get(random.nextInt(sessions.size()));
            if (die == 9) {
                end(mine);
            } else {
                change(mine, die > 6);
            }
        }

        private String value() {
            return Long.toHexString(random.nextLong());
        }

        /** Says what is about to be done, does it and says how it ended; a session in doubt is not touched again. */
        private void tell(Mine mine, String id, String value, Runnable step) {
            say("begin " + getName() + " " + mine.key + " " + id + " " + value);
            try {
                step.run();
                say("done " + getName());
            } catch (SessionStoreException e) {
                mine.record = null;
                if (e.outcomeUnknown()) {
                    sessions.remove(mine);
                }
                say((e.outcomeUnknown() ? "doubt " : "failed ") + getName());
            }
        }

        private void create() {
            Mine mine = new Mine(SessionKey.generate(START), SessionId.generate());
            String value = value();
            NewSession session = new NewSession(
                    mine.key,
                    mine.id,
                    START,
                    TestSessions.EXPIRY,
                    changes(value).set(),
                    Map.of("value", value));
            tell(mine, mine.id.value(), value, () -> {
                mine.record = node.create(session).orElseThrow();
                sessions.add(mine);
            });
        }

        private void change(Mine mine, boolean renew) {
            SessionRecord base = base(mine);
            if (base == null) {
                return;
            }
            String value = value();
            SessionId id = renew ? SessionId.generate() : mine.id;
            SessionChanges plain =
                    random.nextBoolean() ? changes(value) : changes(value).strictly();
            SessionChanges changes = renew ? plain.withRenewal(new Renewal(id, FORMER_UNTIL)) : plain;
            tell(mine, id.value(), value, () -> {
                PersistResult result = node.persist(base, changes);
                if (result instanceof PersistResult.Gone) {
                    gone(mine);
                    return;
                }
                mine.record = ((PersistResult.Saved) result).next();
                mine.id = id;
            });
        }

        private @Nullable SessionRecord base(Mine mine) {
            SessionRecord known = mine.record;
            if (known != null && random.nextBoolean()) {
                return known;
            }
            try {
                SessionRecord found = node.load(mine.id, START).orElse(null);
                if (found == null) {
                    gone(mine);
                }
                return found;
            } catch (SessionStoreException e) {
                return null;
            }
        }

        /** Somebody else has ended it. */
        private void gone(Mine mine) {
            sessions.remove(mine);
            say("gone " + getName() + " " + mine.key);
        }

        private void end(Mine mine) {
            tell(mine, NO_ID, NO_ID, () -> {
                node.delete(mine.key, START, Detail.METADATA);
                sessions.remove(mine);
            });
        }
    }
}
