package io.geniesession.jdbc;

import java.util.Optional;

/** A statement for each. Safe for use by several threads. */
final class SingleRequests implements Requests {

    private final SqlRunner sql;
    private final Dialect dialect;

    SingleRequests(SqlRunner sql, Dialect dialect) {
        this.sql = sql;
        this.dialect = dialect;
    }

    @Override
    public boolean create(Creation creation) {
        return sql.run(CREATE, Effect.REPEATABLE, call -> dialect.create(call, creation));
    }

    @Override
    public Optional<SessionRow> load(Load load) {
        return sql.run(LOAD, Effect.READ, call -> dialect.load(call, load));
    }

    @Override
    public RowOutcome change(RowChange change) {
        return sql.run(PERSIST, Effect.ONCE, call -> dialect.change(call, change));
    }

    @Override
    public boolean touch(Touch touch) {
        return sql.run(TOUCH, Effect.REPEATABLE, call -> dialect.touch(call, touch));
    }
}
