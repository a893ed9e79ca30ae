package io.geniesession.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The store of one contestant, filled with sessions of one shape. The texts are the same for all contestants.
 *
 * <p>Safe for use by several threads.
 */
@SuppressWarnings("NullAway.Init") // JMH fills what the constructor does not.
@State(Scope.Benchmark)
public class StoredSessions {
    private static final int TEXTS = 1_000;

    /** The library. */
    @Param
    Contestant contestant;

    /** Attributes per session and characters of each, see {@link Shape}. */
    @Param({"10x100", "50x200", "100x1000"})
    String shape;

    /** How many sessions are stored before anything is measured. */
    @Param("1000")
    int sessions;

    private String[] names;
    private String[] texts;
    private String[] ids;
    private Store store;

    /** Opens an empty store and fills it. */
    @Setup(Level.Trial)
    public void open() {
        Shape parsed = Shape.parse(shape);
        names = parsed.names();
        texts = parsed.texts(TEXTS);
        store = contestant.open();
        fill();
    }

    /** With as many threads as there are connections, because a million takes its time. */
    private void fill() {
        ids = new String[sessions];
        ForkJoinPool threads = new ForkJoinPool(Database.POOL_SIZE);
        try {
            threads.submit(() ->
                            IntStream.range(0, sessions).parallel().forEach(i -> ids[i] = store.create(attributes())))
                    .join();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        } finally {
            threads.shutdown();
        }
    }

    /** Closes the store and leaves nothing behind. */
    @TearDown(Level.Trial)
    public void close() {
        try {
            store.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Begins with a fresh store if it lies in memory, for questions that make it grow: at the pace of memory the sessions of one
     * iteration after the other would fill the heap.
     */
    void freshIfInMemory() {
        if (contestant.kind() == Contestant.Kind.MEMORY) {
            close();
            store = contestant.open();
            fill();
        }
    }

    /**
     * Returns the store.
     *
     * @return the store under measurement
     */
    Store store() {
        return store;
    }

    int count() {
        return ids.length;
    }

    String id(int index) {
        return ids[index];
    }

    String anyId() {
        return any(ids);
    }

    String anyName() {
        return any(names);
    }

    String anyText() {
        return any(texts);
    }

    /** Returns a session's worth of attributes. */
    Map<String, String> attributes() {
        return attributes(names.length);
    }

    /** Returns some of the attributes, beginning anywhere, with new texts. */
    Map<String, String> attributes(int count) {
        int start = ThreadLocalRandom.current().nextInt(names.length);
        Map<String, String> attributes = new HashMap<>(count * 2);
        for (int i = 0; i < count; i++) {
            attributes.put(names[(start + i) % names.length], anyText());
        }
        return attributes;
    }

    private static String any(String[] texts) {
        return texts[ThreadLocalRandom.current().nextInt(texts.length)];
    }
}
