package io.geniesession.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.ThreadParams;

/** The sessions that no other thread touches, whose ids may change therefore. Belongs to one thread. */
@State(Scope.Thread)
public class OwnSessions {
    private final List<String> ids = new ArrayList<>();
    private int position;

    /** Takes this thread's share. */
    @Setup(Level.Trial)
    public void take(StoredSessions stored, ThreadParams threads) {
        for (int i = threads.getThreadIndex(); i < stored.count(); i += threads.getThreadCount()) {
            ids.add(stored.id(i));
        }
        if (ids.isEmpty()) {
            throw new IllegalStateException(
                    "Each of " + threads.getThreadCount() + " threads needs a session: set -p sessions=NUMBER");
        }
    }

    int position() {
        return position;
    }

    /** Gives the next id to something that changes it. */
    void next(UnaryOperator<String> change) {
        position = (position + 1) % ids.size();
        ids.set(position, change.apply(ids.get(position)));
    }
}
