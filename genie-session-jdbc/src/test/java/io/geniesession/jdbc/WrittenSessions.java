package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static io.geniesession.jdbc.TestSessions.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.PageRequest;
import io.geniesession.SessionId;
import io.geniesession.SessionInfo;
import io.geniesession.SessionKey;
import io.geniesession.spi.FormerId;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionAdapter.Detail;
import io.geniesession.spi.SessionRecord;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What writer processes have said that they wrote, over all their lives, and what therefore has to be stored: for each session
 * what was acknowledged last, or what was under way when its writer ended. Safe for use by several threads.
 */
final class WrittenSessions {

    private final Map<SessionKey, Written> sessions = new LinkedHashMap<>();

    /** What writers are about to do, by the name of the writer. */
    private final Map<String, Step> running = new HashMap<>();

    private long acknowledged;
    private long failed;
    private long inDoubt;

    /** A session as it is stored at a time; empty: not at all. */
    private record State(Optional<SessionId> id, Optional<SessionId> former, String value) {
        static final State ABSENT = new State(Optional.empty(), Optional.empty(), "");

        /** The state after a write; another id makes the one before the former one. */
        State next(Optional<SessionId> nextId, String nextValue) {
            return new State(nextId, nextId.equals(id) ? former : id, nextValue);
        }

        boolean isThat(Optional<SessionRecord> found) {
            return id.map(SessionId::publicId)
                            .equals(found.map(record -> record.info().publicId()))
                    && value.equals(
                            found.map(record -> texts(record).get("value")).orElse(""));
        }
    }

    private record Step(SessionKey key, State after) {}

    /** What may be stored of one session. */
    private static final class Written {
        private State acknowledged = State.ABSENT;
        private State underWay = State.ABSENT;
        private final Set<SessionId> ids = new LinkedHashSet<>();

        /** Whether others than the writers have ended it, which is final. */
        private boolean ended;

        List<State> possible() {
            return Stream.of(acknowledged, underWay).distinct().toList();
        }

        void settle(State state) {
            acknowledged = ended ? State.ABSENT : state;
            underWay = acknowledged;
        }

        void mayBe(State state) {
            underWay = ended ? State.ABSENT : state;
        }
    }

    synchronized long acknowledged() {
        return acknowledged;
    }

    /** How many writes failed of which their writers knew that nothing was stored. */
    synchronized long failed() {
        return failed;
    }

    /** How many writes were under way when their writer ended, or were of unknown outcome. */
    synchronized long inDoubt() {
        return inDoubt;
    }

    synchronized int size() {
        return sessions.size();
    }

    /** Returns the sessions that are stored, as a new writer is told them. */
    synchronized String live() {
        return sessions.entrySet().stream()
                .filter(entry -> entry.getValue().possible().size() == 1)
                .flatMap(entry ->
                        entry.getValue().acknowledged.id.stream().map(id -> entry.getKey() + " " + id.value() + "\n"))
                .collect(Collectors.joining());
    }

    /** Takes notice of a line of a writer; names of writers are unique among those that run at a time. */
    synchronized void note(String line) {
        if (!line.endsWith(WriterProcess.WHOLE)) {
            return;
        }
        String[] words = line.split(" ", -1);
        switch (words[0]) {
            case "begin" -> {
                SessionKey key = new SessionKey(UUID.fromString(words[2]));
                State after = written(words[2]).acknowledged.next(SessionId.parse(words[3]), words[4]);
                running.put(words[1], new Step(key, words[3].equals(WriterProcess.NO_ID) ? State.ABSENT : after));
            }
            case "done" -> {
                Step step = taken(words[1]);
                Written written = written(step);
                written.settle(step.after);
                acknowledged++;
            }
            case "failed" -> {
                written(taken(words[1]));
                failed++;
            }
            case "doubt" -> doubt(taken(words[1]));
            case "gone" ->
                assertThat(written(words[2]).ended)
                        .as("a reason for " + words[2] + " to be gone")
                        .isTrue();
            case "open" -> {}
            default -> throw new AssertionError(line);
        }
    }

    private Step taken(String writer) {
        Step step = running.remove(writer);
        if (step == null) {
            throw new AssertionError("nothing was under way");
        }
        return step;
    }

    /** Ends sessions past the writers, and returns how many. */
    synchronized int end(int most, SessionAdapter with) {
        List<Map.Entry<SessionKey, Written>> ending = sessions.entrySet().stream()
                .filter(entry -> entry.getValue().possible().stream().allMatch(state -> state.id.isPresent()))
                .limit(most)
                .toList();
        ending.forEach(entry -> {
            with.delete(entry.getKey(), START, Detail.METADATA);
            entry.getValue().ended = true;
            entry.getValue().settle(State.ABSENT);
        });
        return ending.size();
    }

    private Written written(String key) {
        return sessions.computeIfAbsent(new SessionKey(UUID.fromString(key)), session -> new Written());
    }

    private Written written(Step step) {
        Written written = written(step.key.toString());
        step.after.id.ifPresent(written.ids::add);
        return written;
    }

    private void doubt(Step step) {
        written(step).mayBe(step.after);
        inDoubt++;
    }

    /** The writers have ended in the middle of what they did. */
    synchronized void writersEnded() {
        running.values().forEach(this::doubt);
        running.clear();
    }

    /** Reads every session that may be stored, and counts them. From then on only what is stored is possible. */
    synchronized void verify(SessionAdapter with) {
        long live = 0;
        for (Map.Entry<SessionKey, Written> entry : sessions.entrySet()) {
            Written written = entry.getValue();
            List<State> possible = written.possible();
            if (!possible.equals(List.of(State.ABSENT))) {
                written.settle(stored(with, entry.getKey(), possible));
                live += written.acknowledged.id.isPresent() ? 1 : 0;
                checkIds(with, entry.getKey(), written);
            }
        }
        assertThat(with.count(START)).as("sessions that are stored").isEqualTo(live);
    }

    /** Reads everything, those that have ended too. */
    synchronized void verifyEnded(SessionAdapter with) {
        sessions.forEach((key, written) -> {
            if (written.possible().equals(List.of(State.ABSENT))) {
                assertThat(with.reload(key, START)).as("ended session").isEmpty();
                checkIds(with, key, written);
            }
        });
    }

    /** Of all ids that were ever given to the session, only the last one opens it, and the one before is the former one. */
    private static void checkIds(SessionAdapter with, SessionKey key, Written written) {
        State state = written.acknowledged;
        for (SessionId id : written.ids) {
            Optional<SessionKey> opened =
                    with.load(id, START).map(record -> record.info().key());
            assertThat(opened).isEqualTo(state.id.filter(id::equals).map(same -> key));
            Optional<FormerId> former = with.loadFormer(id, START);
            assertThat(former.map(found -> found.session().info().key()))
                    .as("session whose former id it is")
                    .isEqualTo(state.former.filter(id::equals).map(same -> key));
            former.ifPresent(found -> assertThat(found.usableUntil()).isEqualTo(WriterProcess.FORMER_UNTIL));
        }
        written.ids.retainAll(
                Stream.of(state.id, state.former).flatMap(Optional::stream).toList());
    }

    private static State stored(SessionAdapter with, SessionKey key, List<State> possible) {
        Optional<SessionRecord> found = with.reload(key, START);
        State state = possible.stream()
                .filter(candidate -> candidate.isThat(found))
                .findFirst()
                .orElseThrow(() -> new AssertionError("of " + key + " is stored "
                        + found.map(SessionRecord::info) + " " + found.map(TestSessions::texts)
                        + ", written was one of " + possible));
        found.ifPresent(record -> {
            assertThat(texts(record))
                    .as("one write as a whole")
                    .isEqualTo(Map.of("value", state.value, "padding", WriterProcess.padding(state.value)));
            assertThat(record.info().indexes()).isEqualTo(Map.of("value", state.value));
            assertThat(with.indexed()
                            .orElseThrow()
                            .find(new IndexEntry("value", state.value), START, PageRequest.first(2))
                            .items())
                    .extracting(SessionInfo::key)
                    .containsExactly(key);
        });
        return state;
    }
}
