package io.geniesession.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.MapSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.PostgreSqlJdbcIndexedSessionRepositoryCustomizer;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Spring Session, used as its filter uses it: each request sets the time of the last access, and what has changed is saved at its
 * end. The schema is the one it ships, save and flush modes are its defaults. Safe for use by several threads.
 */
final class SpringStore<S extends Session> implements Store {
    private final SessionRepository<S> repository;
    private final Duration idleTimeout;
    private final @Nullable IntSupplier sweep;
    private final Closeable cleanUp;

    private SpringStore(
            SessionRepository<S> repository, Duration idleTimeout, @Nullable IntSupplier sweep, Closeable cleanUp) {
        this.repository = repository;
        this.idleTimeout = idleTimeout;
        this.sweep = sweep;
        this.cleanUp = cleanUp;
    }

    static Store map(Duration idleTimeout) {
        MapSessionRepository repository = new MapSessionRepository(new ConcurrentHashMap<>());
        repository.setDefaultMaxInactiveInterval(idleTimeout);
        return new SpringStore<>(repository, idleTimeout, null, () -> {});
    }

    static Store jdbc(Database database, Duration idleTimeout) {
        HikariDataSource pool = database.pool();
        String script = database.isPostgres() ? "schema-postgresql.sql" : "schema-h2.sql";
        new ResourceDatabasePopulator(new ClassPathResource("org/springframework/session/jdbc/" + script))
                .execute(pool);
        CountingTemplate template = new CountingTemplate(pool);
        JdbcIndexedSessionRepository repository = new JdbcIndexedSessionRepository(template, transactions(pool));
        repository.setDefaultMaxInactiveInterval(idleTimeout);
        if (database.isPostgres()) {
            new PostgreSqlJdbcIndexedSessionRepositoryCustomizer().customize(repository);
        }
        IntSupplier sweep = () -> {
            repository.cleanUpExpiredSessions();
            return template.lastCount;
        };
        return over(repository, idleTimeout, sweep, () -> {
            pool.close();
            database.close();
        });
    }

    /** As Spring Session's own configuration makes them. */
    private static TransactionTemplate transactions(DataSource dataSource) {
        TransactionTemplate transactions = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        transactions.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        return transactions;
    }

    /** Gives the type of the sessions a name, which is not visible here. */
    private static <T extends Session> Store over(
            SessionRepository<T> repository, Duration idleTimeout, IntSupplier sweep, Closeable cleanUp) {
        return new SpringStore<>(repository, idleTimeout, sweep, cleanUp);
    }

    @Override
    public String create(Map<String, String> attributes) {
        S session = repository.createSession();
        return save(session, attributes);
    }

    @Override
    public void createExpired(Map<String, String> attributes) {
        sweeper();
        S session = repository.createSession();
        session.setLastAccessedTime(Instant.now().minus(idleTimeout).minusSeconds(1));
        save(session, attributes);
    }

    private String save(S session, Map<String, String> attributes) {
        attributes.forEach(session::setAttribute);
        repository.save(session);
        return session.getId();
    }

    @Override
    public void load(String id) {
        find(id);
    }

    @Override
    public String read(String id, String name) {
        S session = access(id);
        String value = session.getAttribute(name);
        if (value == null) {
            throw new IllegalStateException("There is no attribute " + name);
        }
        repository.save(session);
        return value;
    }

    @Override
    public void write(String id, Map<String, String> changes) {
        save(access(id), changes);
    }

    @Override
    public String login(String id, String principal) {
        S session = access(id);
        session.changeSessionId();
        return save(session, Map.of(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, principal));
    }

    @Override
    public int sweep() {
        return sweeper().getAsInt();
    }

    private IntSupplier sweeper() {
        if (sweep == null) {
            throw new UnsupportedOperationException("A map of sessions has no sweep");
        }
        return sweep;
    }

    private S access(String id) {
        S session = find(id);
        session.setLastAccessedTime(Instant.now());
        return session;
    }

    private S find(String id) {
        S session = repository.findById(id);
        if (session == null) {
            throw new IllegalStateException("There is no such session");
        }
        return session;
    }

    @Override
    public void close() throws IOException {
        cleanUp.close();
    }

    /** Remembers how many rows the last statement with plain parameters wrote, which the sweep keeps to itself. */
    private static final class CountingTemplate extends JdbcTemplate {
        private volatile int lastCount;

        CountingTemplate(DataSource dataSource) {
            super(dataSource);
        }

        @Override
        public int update(String sql, @Nullable Object @Nullable ... arguments) {
            int count = super.update(sql, arguments);
            lastCount = count;
            return count;
        }
    }
}
