package io.geniesession.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** One life of a session, looked at step by step, so that nobody measures a store that keeps nothing. */
final class Rehearsal {
    private final Store store;
    private final Map<String, String> expected = new LinkedHashMap<>();

    private Rehearsal(Store store) {
        this.store = store;
    }

    /**
     * Creates a session, changes it, signs in and reads it back after each step.
     *
     * @throws IllegalStateException if a step does not show in the next request
     */
    static void of(Store store) {
        new Rehearsal(store).run();
    }

    private void run() {
        expected.putAll(Map.of("first", "one", "second", "two", "third", "three"));
        String id = store.create(expected);
        check(id);

        store.write(id, "second", "deux");
        expected.put("second", "deux");
        check(id);

        Map<String, String> changes = Map.of("first", "un", "fourth", "quatre");
        store.write(id, changes);
        expected.putAll(changes);
        check(id);

        String renewed = store.login(id, "somebody");
        check(renewed);
        checkGone(id);
    }

    private void check(String id) {
        store.load(id);
        expected.forEach((name, value) -> {
            if (!Objects.equals(store.read(id, name), value)) {
                throw new IllegalStateException("The store lost a change of the attribute " + name);
            }
        });
    }

    private void checkGone(String id) {
        boolean opened;
        try {
            store.load(id);
            opened = true;
        } catch (IllegalStateException e) {
            opened = false;
        }
        if (opened) {
            throw new IllegalStateException("The id of before the login still opens the session");
        }
    }
}
