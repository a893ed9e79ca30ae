/** Sessions in H2 or PostgreSQL. */
module io.geniesession.jdbc {
    requires static org.jspecify;
    requires com.zaxxer.hikari;
    requires flyway.core;
    requires transitive io.geniesession;
    requires transitive java.sql;

    exports io.geniesession.jdbc;

    provides io.geniesession.spi.SessionAdapterProvider with
            io.geniesession.jdbc.JdbcSessionAdapterProvider;
}
