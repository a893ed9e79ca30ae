package io.geniesession.benchmarks;

import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.ThreadParams;

/** Which session a thread visits next, drawn beforehand so that drawing costs nothing. Belongs to one thread. */
@SuppressWarnings("NullAway.Init") // JMH fills what the constructor does not.
@State(Scope.Thread)
public class ZipfVisits {
    private static final int VISITS = 1 << 16;
    private static final long PRIME = 2_654_435_761L;

    private int[] visits;
    private int position;

    /** Draws for this thread, the same in every run. */
    @Setup(Level.Trial)
    public void draw(StoredSessions stored, ThreadParams threads) {
        SplittableRandom random = new SplittableRandom(threads.getThreadIndex());
        Zipf zipf = new Zipf(stored.count());
        visits = new int[VISITS];
        for (int i = 0; i < VISITS; i++) {
            // What is visited often must not lie side by side; a prime beyond all counts keeps different ones
            // different.
            visits[i] = (int) (zipf.draw(random) * PRIME % stored.count());
        }
    }

    int next() {
        position = (position + 1) & (VISITS - 1);
        return visits[position];
    }
}
