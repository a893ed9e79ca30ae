package io.geniesession.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.session.AbstractSessionCache;
import org.eclipse.jetty.session.DatabaseAdaptor;
import org.eclipse.jetty.session.DefaultSessionCache;
import org.eclipse.jetty.session.DefaultSessionIdManager;
import org.eclipse.jetty.session.HouseKeeper;
import org.eclipse.jetty.session.JDBCSessionDataStore;
import org.eclipse.jetty.session.ManagedSession;
import org.eclipse.jetty.session.NullSessionCache;
import org.eclipse.jetty.session.NullSessionDataStore;
import org.eclipse.jetty.session.SessionData;
import org.eclipse.jetty.session.SessionHandler;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's session manager, called as its session handler calls it: find, access, complete. Over a database nothing is cached, as
 * its documentation says for clusters whose load balancer is not sticky. Safe for use by several threads.
 */
final class JettyStore implements Store {
    private static final Duration EXPIRED_FOR = Duration.ofHours(4);

    // Renewing an id asks the request for nothing but its hash code.
    private static final Request REQUEST = (Request) Proxy.newProxyInstance(
            JettyStore.class.getClassLoader(), new Class<?>[] {Request.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("hashCode")) {
                    return System.identityHashCode(proxy);
                }
                throw new UnsupportedOperationException(method.getName());
            });

    private final Server server = new Server();
    private final SessionHandler sessions = new SessionHandler();
    private final @Nullable EagerDataStore dataStore;
    private final Closeable cleanUp;

    private JettyStore(Duration idleTimeout, @Nullable EagerDataStore dataStore, Closeable cleanUp) {
        this.dataStore = dataStore;
        this.cleanUp = cleanUp;
        AbstractSessionCache cache =
                dataStore == null ? new DefaultSessionCache(sessions) : new NullSessionCache(sessions);
        cache.setSessionDataStore(dataStore == null ? new NullSessionDataStore() : dataStore);
        sessions.setSessionCache(cache);
        sessions.setMaxInactiveInterval((int) idleTimeout.toSeconds());
        server.addBean(idManager(server), true);
        server.setHandler(sessions);
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Without the thread that sweeps, so that nothing else runs while something is measured. */
    private static DefaultSessionIdManager idManager(Server server) {
        DefaultSessionIdManager ids = new DefaultSessionIdManager(server);
        HouseKeeper houseKeeper = new HouseKeeper();
        try {
            houseKeeper.setIntervalSec(0);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        ids.setSessionHouseKeeper(houseKeeper);
        return ids;
    }

    static JettyStore cache(Duration idleTimeout) {
        return new JettyStore(idleTimeout, null, () -> {});
    }

    static JettyStore jdbc(Database database, Duration idleTimeout) {
        HikariDataSource pool = database.pool();
        return new JettyStore(idleTimeout, new EagerDataStore(pool), () -> {
            pool.close();
            database.close();
        });
    }

    @Override
    public String create(Map<String, String> attributes) {
        AtomicReference<ManagedSession> created = new AtomicReference<>();
        sessions.newSession(null, null, created::set);
        ManagedSession session = created.get();
        if (session == null) {
            throw new IllegalStateException("No session was created");
        }
        return end(session, attributes);
    }

    @Override
    public void createExpired(Map<String, String> attributes) {
        if (dataStore == null) {
            throw new UnsupportedOperationException("Sessions of the cache end by a timer each");
        }
        try {
            dataStore.storeExpired(attributes, System.currentTimeMillis() - EXPIRED_FOR.toMillis());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void load(String id) {
        ManagedSession session = find(id);
        if (dataStore == null) {
            // The cache counts who uses a session.
            sessions.complete(session);
        }
    }

    @Override
    public String read(String id, String name) {
        ManagedSession session = access(id);
        String value = (String) session.getAttribute(name);
        sessions.complete(session);
        if (value == null) {
            throw new IllegalStateException("There is no attribute " + name);
        }
        return value;
    }

    @Override
    public void write(String id, Map<String, String> changes) {
        end(access(id), changes);
    }

    @Override
    public String login(String id, String principal) {
        ManagedSession session = access(id);
        session.renewId(REQUEST, null);
        return end(session, Map.of("principal", principal));
    }

    @Override
    public int sweep() {
        if (dataStore == null) {
            throw new UnsupportedOperationException("Sessions of the cache end by a timer each");
        }
        dataStore.lookAgain();
        int before = dataStore.deleted.get();
        sessions.scavenge();
        return dataStore.deleted.get() - before;
    }

    /** Ends a request that changes something. What could not be saved is logged there, and stays marked as changed. */
    private String end(ManagedSession session, Map<String, String> changes) {
        changes.forEach(session::setAttribute);
        sessions.complete(session);
        if (dataStore != null && session.getSessionData().isDirty()) {
            throw new IllegalStateException("The session was not saved");
        }
        return session.getId();
    }

    private ManagedSession access(String id) {
        ManagedSession session = find(id);
        sessions.access(session, true);
        return session;
    }

    private ManagedSession find(String id) {
        ManagedSession session = sessions.getManagedSession(id);
        if (session == null) {
            throw new IllegalStateException("There is no such session");
        }
        return session;
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IOException(e);
        } finally {
            cleanUp.close();
        }
    }

    /** The store as it is, which also looks for expired sessions sooner than an hour after it did so last, and counts them. */
    private static final class EagerDataStore extends JDBCSessionDataStore {
        private final AtomicInteger deleted = new AtomicInteger();

        EagerDataStore(HikariDataSource pool) {
            DatabaseAdaptor adaptor = new DatabaseAdaptor();
            adaptor.setDatasource(pool);
            setDatabaseAdaptor(adaptor);
            setSessionTableSchema(new SessionTableSchema());
        }

        @Override
        public boolean delete(String id) throws Exception {
            boolean found = super.delete(id);
            if (found) {
                deleted.incrementAndGet();
            }
            return found;
        }

        void lookAgain() {
            _lastExpiryCheckTime = 0;
        }

        void storeExpired(Map<String, String> attributes, long expiry) throws Exception {
            long idle = Duration.ofMinutes(30).toMillis();
            String id = UUID.randomUUID().toString();
            SessionData data = newSessionData(id, expiry - idle, expiry - idle, expiry - idle, idle);
            data.putAllAttributes(Map.copyOf(attributes));
            data.setExpiry(expiry);
            store(id, data);
        }
    }
}
