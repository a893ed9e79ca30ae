/** Sessions in H2 or PostgreSQL. */
module io.geniesession.jdbc {
    requires static org.jspecify;
    requires com.zaxxer.hikari;
    requires flyway.core;
    requires transitive io.geniesession;
    requires transitive java.sql;
}
