package io.geniesession.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import javax.sql.DataSource;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Session;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.session.DataSourceStore;
import org.apache.catalina.session.PersistentManager;
import org.apache.catalina.session.StandardSession;
import org.apache.catalina.valves.PersistentValve;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's persistent manager over a {@code DataSource}, with the valve that loads a session at the beginning of each request and
 * saves it at its end, which its documentation names for load balancers that are not sticky. Safe for use by several threads.
 */
final class TomcatJdbcStore implements Store {
    private static final String TABLE = """
            CREATE TABLE tomcat_sessions (
              session_id varchar(100) NOT NULL PRIMARY KEY,
              valid_session char(1) NOT NULL,
              max_inactive int NOT NULL,
              last_access bigint NOT NULL,
              app_name varchar(255),
              session_data {bytes}
            )
            """;

    private static final String INDEX = "CREATE INDEX kapp_name ON tomcat_sessions (app_name)";

    private final HikariDataSource pool;
    private final Database database;
    private final PersistentManager manager = new PersistentManager();
    private final PooledStore store;
    private final TomcatContext tomcat;
    private final PersistentValve valve = new PersistentValve();
    private final Connector connector = new Connector();
    private final ThreadLocal<ReusedRequest> requests = ThreadLocal.withInitial(ReusedRequest::new);

    TomcatJdbcStore(Database database, Duration idleTimeout) {
        this.database = database;
        this.pool = database.pool();
        createTable();
        store = new PooledStore(pool);
        manager.setStore(store);
        tomcat = new TomcatContext(manager, idleTimeout);
        valve.setContainer(tomcat.context());
        valve.setNext(new Application());
        try {
            valve.start();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    private void createTable() {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(TABLE.replace("{bytes}", database.isPostgres() ? "bytea" : "blob"));
            statement.execute(INDEX);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String create(Map<String, String> attributes) {
        return requests.get().send(null, session -> put(session, attributes));
    }

    @Override
    public void createExpired(Map<String, String> attributes) {
        // A session in use does not expire, so it can still be saved.
        manager.setSessionActivityCheck(true);
        try {
            StandardSession session = (StandardSession) manager.createSession(null);
            session.access();
            attributes.forEach(session::setAttribute);
            TomcatContext.leaveLongAgo(session);
            store.save(session);
            manager.removeSuper(session);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            manager.setSessionActivityCheck(false);
        }
    }

    @Override
    public void load(String id) {
        Session session;
        try {
            session = store.load(id);
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
        if (session == null || !session.isValid()) {
            throw new IllegalStateException("There is no such session");
        }
    }

    @Override
    public String read(String id, String name) {
        return requests.get().send(id, session -> {
            Object value = session.getSession().getAttribute(name);
            if (value == null) {
                throw new IllegalStateException("There is no attribute " + name);
            }
            return (String) value;
        });
    }

    @Override
    public void write(String id, Map<String, String> changes) {
        requests.get().send(id, session -> put(session, changes));
    }

    /** The row of the former id is removed as well. */
    @Override
    public String login(String id, String principal) {
        String renewed = requests.get().send(id, session -> {
            manager.rotateSessionId(session);
            return put(session, Map.of("principal", principal));
        });
        try {
            store.remove(id);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return renewed;
    }

    private static String put(Session session, Map<String, String> attributes) {
        attributes.forEach(session.getSession()::setAttribute);
        return session.getIdInternal();
    }

    @Override
    public int sweep() {
        long before = manager.getExpiredSessions();
        manager.processExpires();
        return (int) (manager.getExpiredSessions() - before);
    }

    @Override
    public void close() throws IOException {
        try {
            valve.stop();
            tomcat.close();
        } catch (LifecycleException e) {
            throw new IOException(e);
        } finally {
            pool.close();
            database.close();
        }
    }

    /** A request and its response, which a thread uses again and again as a connection does. Belongs to one thread. */
    private final class ReusedRequest {
        private final Request request = new Request(connector, new org.apache.coyote.Request());
        private final Response response = new Response(new org.apache.coyote.Response());
        private Function<Session, String> application = session -> "";
        private String answer = "";

        ReusedRequest() {
            request.getCoyoteRequest().setResponse(response.getCoyoteResponse());
            request.setResponse(response);
            response.setRequest(request);
        }

        String send(@Nullable String id, Function<Session, String> work) {
            application = work;
            request.getMappingData().context = tomcat.context();
            request.getCoyoteRequest().requestURI().setString("/");
            request.getCoyoteRequest().decodedURI().setString("/");
            if (id != null) {
                request.setRequestedSessionId(id);
                request.setRequestedSessionCookie(true);
            }
            try {
                valve.invoke(request, response);
                return answer;
            } catch (IOException | ServletException e) {
                throw new IllegalStateException(e);
            } finally {
                request.recycle();
                response.recycle();
                request.getCoyoteRequest().recycle();
            }
        }

        void run(@Nullable String id) {
            Session session = request.getSessionInternal(id == null);
            if (session == null) {
                throw new IllegalStateException("There is no such session");
            }
            answer = application.apply(session);
        }
    }

    /** What stands behind the valve. */
    private final class Application extends ValveBase {
        @Override
        public void invoke(Request request, Response response) {
            requests.get().run(request.getRequestedSessionId());
        }
    }

    /** The store with a pool in its hands instead of a name to look one up by. */
    private static final class PooledStore extends DataSourceStore {
        PooledStore(DataSource pool) {
            dataSource = pool;
            setSessionTable("tomcat_sessions");
            setSessionIdCol("session_id");
            setSessionValidCol("valid_session");
            setSessionMaxInactiveCol("max_inactive");
            setSessionLastAccessedCol("last_access");
            setSessionAppCol("app_name");
            setSessionDataCol("session_data");
        }
    }
}
