package io.geniesession.benchmarks;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The floor in memory: a map of maps. Nothing is copied, nobody learns of changes, and a request has no end.
 *
 * <p>Safe for use by several threads.
 */
final class MapStore implements Store {
    private static final int MAXIMUM_SIZE = 100_000_000;

    private final ConcurrentMap<String, ConcurrentMap<String, String>> sessions;

    private MapStore(ConcurrentMap<String, ConcurrentMap<String, String>> sessions) {
        this.sessions = sessions;
    }

    /** Nothing ever leaves. */
    static MapStore plain() {
        return new MapStore(new ConcurrentHashMap<>());
    }

    /** What was not used for this long leaves. */
    static MapStore caffeine(Duration idleTimeout) {
        return new MapStore(Caffeine.newBuilder()
                .maximumSize(MAXIMUM_SIZE)
                .expireAfterAccess(idleTimeout)
                .<String, ConcurrentMap<String, String>>build()
                .asMap());
    }

    @Override
    public String create(Map<String, String> attributes) {
        String id = newId();
        sessions.put(id, new ConcurrentHashMap<>(attributes));
        return id;
    }

    @Override
    public void load(String id) {
        find(id);
    }

    @Override
    public String read(String id, String name) {
        String value = find(id).get(name);
        if (value == null) {
            throw new IllegalStateException("There is no attribute " + name);
        }
        return value;
    }

    @Override
    public void write(String id, String name, String value) {
        find(id).put(name, value);
    }

    @Override
    public void write(String id, Map<String, String> changes) {
        find(id).putAll(changes);
    }

    @Override
    public String login(String id, String principal) {
        ConcurrentMap<String, String> session = sessions.remove(id);
        if (session == null) {
            throw new IllegalStateException("There is no such session");
        }
        session.put("principal", principal);
        String renewed = newId();
        sessions.put(renewed, session);
        return renewed;
    }

    private ConcurrentMap<String, String> find(String id) {
        ConcurrentMap<String, String> session = sessions.get(id);
        if (session == null) {
            throw new IllegalStateException("There is no such session");
        }
        return session;
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    @Override
    public void close() {
        sessions.clear();
    }
}
