package io.geniesession.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.apache.catalina.Session;
import org.apache.catalina.session.StandardManager;
import org.apache.catalina.session.StandardSession;

/**
 * Tomcat's manager in memory, called as its request calls it: find, access, end of access. Safe for use by several threads.
 */
final class TomcatStandardStore implements Store {
    private final TomcatContext tomcat;
    private final StandardManager manager = new StandardManager();

    TomcatStandardStore(Duration idleTimeout) {
        // Nothing is written when the context stops.
        manager.setPathname(null);
        tomcat = new TomcatContext(manager, idleTimeout);
    }

    @Override
    public String create(Map<String, String> attributes) {
        Session session = manager.createSession(null);
        session.access();
        return end(session, attributes);
    }

    @Override
    public void createExpired(Map<String, String> attributes) {
        StandardSession session = (StandardSession) manager.createSession(null);
        attributes.forEach(session::setAttribute);
        TomcatContext.leaveLongAgo(session);
    }

    @Override
    public void load(String id) {
        find(id);
    }

    @Override
    public String read(String id, String name) {
        Session session = access(id);
        Object value = session.getSession().getAttribute(name);
        session.endAccess();
        if (value == null) {
            throw new IllegalStateException("There is no attribute " + name);
        }
        return (String) value;
    }

    @Override
    public void write(String id, Map<String, String> changes) {
        end(access(id), changes);
    }

    @Override
    public String login(String id, String principal) {
        Session session = access(id);
        manager.rotateSessionId(session);
        return end(session, Map.of("principal", principal));
    }

    @Override
    public int sweep() {
        long before = manager.getExpiredSessions();
        manager.processExpires();
        return (int) (manager.getExpiredSessions() - before);
    }

    private static String end(Session session, Map<String, String> changes) {
        changes.forEach(session.getSession()::setAttribute);
        session.endAccess();
        return session.getIdInternal();
    }

    private Session access(String id) {
        Session session = find(id);
        session.access();
        return session;
    }

    private Session find(String id) {
        Session session;
        try {
            session = manager.findSession(id);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        if (session == null || !session.isValid()) {
            throw new IllegalStateException("There is no such session");
        }
        return session;
    }

    @Override
    public void close() throws IOException {
        tomcat.close();
    }
}
