package io.geniesession.memory;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.geniesession.EndReason;
import io.geniesession.SessionKey;
import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionChanges;
import io.geniesession.spi.SessionRecord;
import io.geniesession.tck.AdapterFixture;
import io.geniesession.tck.ConcurrencyContract;
import io.geniesession.tck.IndexedSessionsContract;
import io.geniesession.tck.LinearizabilityContract;
import io.geniesession.tck.SessionAdapterContract;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Tests the kit: each broken adapter must fail at the rules it breaks and nowhere else. */
class KitFindsDefectsTest {
    /** What the contracts below wrap around the store; they run one after another, in this thread. */
    private static UnaryOperator<SessionAdapter> wrapping = UnaryOperator.identity();

    // The contracts are nested here so that they are run by this test only.

    static class Core extends SessionAdapterContract {
        @Override
        protected SessionAdapter open(AdapterContext context) {
            return wrapping.apply(MemorySessionAdapter.open(context));
        }

        @Override
        protected boolean sharesStoreBetweenNodes() {
            return false;
        }
    }

    static class Indexed extends IndexedSessionsContract {
        @Override
        protected SessionAdapter open(AdapterContext context) {
            return wrapping.apply(MemorySessionAdapter.open(context));
        }

        @Override
        protected boolean sharesStoreBetweenNodes() {
            return false;
        }
    }

    static class Races extends ConcurrencyContract {
        @Override
        protected SessionAdapter open(AdapterContext context) {
            return wrapping.apply(MemorySessionAdapter.open(context));
        }

        @Override
        protected boolean sharesStoreBetweenNodes() {
            return false;
        }
    }

    static class Histories extends LinearizabilityContract {
        @Override
        protected SessionAdapter open(AdapterContext context) {
            return wrapping.apply(MemorySessionAdapter.open(context));
        }

        @Override
        protected boolean sharesStoreBetweenNodes() {
            return false;
        }

        @Override
        protected int histories() {
            return 400; // of which a broken adapter needs but one
        }
    }

    @Test
    void soundAdapterFailsNowhere() {
        assertThat(failedRules(UnaryOperator.identity(), Core.class)).isEmpty();
        assertThat(failedRules(UnaryOperator.identity(), Indexed.class)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Defect.class)
    void brokenAdapterFailsExactlyThere(Defect defect) {
        assertThat(failedRules(defect.wrapping, defect.contract)).isEqualTo(new TreeSet<>(defect.broken));
    }

    @Test
    void checkBeforeTheWriteLosesARace() {
        assertThat(failedRules(StrictIsCheckedBeforeTheWrite::new, Races.class)).contains("persist-6");
    }

    /** Adapters whose steps are not what they seem to be if others do theirs at the same moment. */
    @SuppressWarnings("ImmutableEnumChecker") // What it holds is immutable, by types that cannot say so.
    enum Unsteady {
        STRICT_IS_CHECKED_BEFORE_THE_WRITE(StrictIsCheckedBeforeTheWrite::new),

        LOADS_ARE_CACHED_FOR_A_MOMENT(sound -> new ForwardingAdapter(sound) {
            private final Map<SessionKey, SessionRecord> cache = new ConcurrentHashMap<>();

            @Override
            public Optional<SessionRecord> reload(SessionKey key, Instant now) {
                SessionRecord cached = cache.remove(key);
                if (cached != null && !cached.info().isExpired(now)) {
                    return Optional.of(cached);
                }
                Optional<SessionRecord> found = sound.reload(key, now);
                found.ifPresent(record -> cache.put(key, record));
                return found;
            }
        }),

        DELETE_ANSWERS_BY_A_LOOK_BEFORE(sound -> new ForwardingAdapter(sound) {
            @Override
            public Optional<EndedSession> delete(SessionKey key, Instant now, Detail detail) {
                Optional<SessionRecord> before = sound.reload(key, now);
                pause();
                Optional<EndedSession> ended = sound.delete(key, now, detail);
                return ended.isPresent() || before.isEmpty()
                        ? ended
                        : Optional.of(new EndedSession(before.get().info(), EndReason.DELETED, Map.of()));
            }
        });

        final UnaryOperator<SessionAdapter> wrapping;

        Unsteady(UnaryOperator<SessionAdapter> wrapping) {
            this.wrapping = wrapping;
        }
    }

    @ParameterizedTest
    @EnumSource(Unsteady.class)
    void historiesShowWhatIsNoSingleStep(Unsteady adapter) {
        assertThat(failedRules(adapter.wrapping, Histories.class)).containsExactly("order-1");
    }

    /** As long as another statement takes. */
    private static void pause() {
        LockSupport.parkNanos(1_000);
    }

    /** Keeps every rule as long as nobody else writes between its check and its write. */
    private static final class StrictIsCheckedBeforeTheWrite extends ForwardingAdapter {
        StrictIsCheckedBeforeTheWrite(SessionAdapter sound) {
            super(sound);
        }

        @Override
        public PersistResult persist(SessionRecord base, SessionChanges changes) {
            SessionRecord now =
                    sound.reload(base.info().key(), changes.accessedAt()).orElse(base);
            if (changes.strict() && now.info().version() != base.info().version()) {
                return new PersistResult.Conflict();
            }
            pause();
            return sound.persist(base, changes.strict() ? Defect.relaxed(changes) : changes);
        }
    }

    /** Runs a contract and returns the numbers of the rules whose tests failed. */
    private static Set<String> failedRules(
            UnaryOperator<SessionAdapter> wrapping, Class<? extends AdapterFixture> contract) {
        KitFindsDefectsTest.wrapping = wrapping;
        try {
            Failures failures = new Failures();
            LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                    .selectors(selectClass(contract))
                    .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                    .build();
            LauncherFactory.create().execute(request, failures);
            assertThat(failures.started).hasSizeGreaterThan(contract == Histories.class ? 2 : 15);
            return failures.names()
                    .map(name -> name.substring(1, name.indexOf(']')))
                    .collect(toCollection(TreeSet::new));
        } finally {
            KitFindsDefectsTest.wrapping = UnaryOperator.identity();
        }
    }

    private static final class Failures implements TestExecutionListener {
        final List<TestIdentifier> started = new ArrayList<>();
        final List<TestIdentifier> failed = new ArrayList<>();

        @Override
        public void executionStarted(TestIdentifier test) {
            if (test.isTest()) {
                started.add(test);
            }
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                failed.add(test);
            }
        }

        Stream<String> names() {
            return failed.stream().map(TestIdentifier::getDisplayName);
        }
    }
}
