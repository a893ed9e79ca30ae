package io.geniesession;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps flash values as attributes under a reserved prefix. Reading one removes the attribute from the request's view and
 * remembers the value here, so that it can be read again during this request; the removal is stored with the other changes.
 */
final class LiveFlash implements Flash {
    /** Names that begin with this belong to flash values. */
    static final String PREFIX = "genie.flash.";

    private final LiveSession session;

    // Guarded by the session's lock.
    private final Map<String, Object> seen = new HashMap<>();
    private final Set<String> put = new HashSet<>();

    LiveFlash(LiveSession session) {
        this.session = session;
    }

    /** Forgets what this request has seen, because its view begins anew. Called under the session's lock. */
    void reset() {
        seen.clear();
        put.clear();
    }

    private static String attribute(String name) {
        if (requireNonNull(name, "name").isEmpty()) {
            throw new IllegalArgumentException("The name of a flash value must not be empty");
        }
        return PREFIX + name;
    }

    @Override
    public Flash put(String name, Object value) {
        String attribute = attribute(name);
        return session.guarded(attributes -> {
            attributes.set(attribute, requireNonNull(value, "value"));
            put.add(name);
            seen.remove(name);
            return this;
        });
    }

    @Override
    public Optional<Object> get(String name) {
        String attribute = attribute(name);
        return session.guarded(attributes -> {
            Object value = seen.get(name);
            if (value == null) {
                value = attributes.get(attribute);
                if (value != null && !put.contains(name)) {
                    seen.put(name, value);
                    attributes.unset(attribute);
                }
            }
            return Optional.ofNullable(value);
        });
    }

    @Override
    public <T> Optional<T> get(String name, Class<T> type) {
        return get(name).map(value -> LiveSession.cast(attribute(name), value, type));
    }

    @Override
    public <T> Optional<T> take(String name, Class<T> type) {
        String attribute = attribute(name);
        var taken = new Object() {
            Optional<T> value = Optional.empty();
        };
        session.update(attribute, type, stored -> {
            taken.value = stored;
            return Optional.empty();
        });
        session.guarded(attributes -> put.remove(name));
        return taken.value;
    }

    @Override
    public Flash keep(String name) {
        String attribute = attribute(name);
        return session.guarded(attributes -> {
            Object value = seen.remove(name);
            if (value != null) {
                attributes.set(attribute, value);
                put.add(name);
            }
            return this;
        });
    }

    @Override
    public Set<String> names() {
        return session.guarded(attributes -> {
            Set<String> names = new HashSet<>(seen.keySet());
            for (String name : attributes.names()) {
                if (name.startsWith(PREFIX)) {
                    names.add(name.substring(PREFIX.length()));
                }
            }
            return Set.copyOf(names);
        });
    }
}
