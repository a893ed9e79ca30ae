package io.geniesession.tck;

import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.Settings;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What the core lends an adapter, for tests of the adapter alone.
 *
 * <p>Safe for use by several threads.
 */
public final class TestContext implements AdapterContext {
    private final Clock clock;
    private final Settings settings;
    private final Queue<EndedSession> ended = new ConcurrentLinkedQueue<>();
    private final Queue<Boolean> availability = new ConcurrentLinkedQueue<>();

    /**
     * Creates a context.
     *
     * @param clock the clock to lend
     * @param settings the settings as they would be written in a file, by full name
     */
    public TestContext(Clock clock, Map<String, String> settings) {
        this.clock = clock;
        this.settings = Settings.of(settings);
    }

    @Override
    public Settings settings() {
        return settings;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public AttributeValue valueOf(byte[] encoded) {
        return TestValue.ofEncoded(encoded);
    }

    @Override
    public void ended(EndedSession session) {
        ended.add(session);
    }

    @Override
    public SessionAdapter.Detail endedDetail() {
        return SessionAdapter.Detail.ATTRIBUTES;
    }

    @Override
    public void available(boolean available) {
        availability.add(available);
    }

    /**
     * Returns what the adapter has said about whether its store answers.
     *
     * @return a copy, in the order of the reports; true: it answers again
     */
    public List<Boolean> availability() {
        return List.copyOf(availability);
    }

    /**
     * Returns the sessions that the adapter has reported as ended on its own.
     *
     * @return a copy, in the order of the reports
     */
    public List<EndedSession> ended() {
        return List.copyOf(ended);
    }
}
