package io.geniesession.jdbc;

import io.geniesession.EndReason;
import io.geniesession.Page;
import io.geniesession.PageRequest;
import io.geniesession.SessionInfo;
import io.geniesession.SessionKey;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.IndexedSessions;
import io.geniesession.spi.SessionAdapter.Detail;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds sessions through the index table. Safe for use by several threads. */
final class JdbcIndexedSessions implements IndexedSessions {

    private static final Pattern AFTER =
            Pattern.compile("(-?[0-9]{1,19})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

    private final JdbcSessionAdapter adapter;
    private final SqlRunner sql;
    private final Dialect dialect;

    JdbcIndexedSessions(JdbcSessionAdapter adapter, SqlRunner sql, Dialect dialect) {
        this.adapter = adapter;
        this.sql = sql;
        this.dialect = dialect;
    }

    @Override
    public Page<SessionInfo> find(IndexEntry entry, Instant now, PageRequest page) {
        Dialect.Position after = position(page.after());
        // One more than asked for tells whether there is a next page.
        int limit = page.limit() + 1;
        List<Dialect.Listed> found = sql.run(
                "list sessions",
                Effect.READ,
                call -> dialect.find(call, entry.name(), entry.value(), Millis.of(now), after, limit));
        boolean more = found.size() == limit;
        List<Dialect.Listed> shown = more ? found.subList(0, page.limit()) : found;
        return new Page<>(
                shown.stream()
                        .map(listed -> JdbcSessionAdapter.info(listed.facts()))
                        .toList(),
                more ? Optional.of(text(shown.get(shown.size() - 1).position())) : Optional.empty());
    }

    private static String text(Dialect.Position position) {
        return position.since() + "_" + position.key();
    }

    private static Dialect.Position position(String after) {
        if (after.isEmpty()) {
            return Dialect.Position.START;
        }
        Matcher matcher = AFTER.matcher(after);
        try {
            if (matcher.matches()) {
                return new Dialect.Position(Long.parseLong(matcher.group(1)), UUID.fromString(matcher.group(2)));
            }
        } catch (NumberFormatException e) {
            // Falls through: nineteen digits may still be too large a number.
        }
        throw new IllegalArgumentException("A listing goes on after the \"next\" of a page, not after this text");
    }

    @Override
    public long count(IndexEntry entry, Instant now) {
        return sql.run(
                "count sessions",
                Effect.READ,
                call -> dialect.countIndexed(call, entry.name(), entry.value(), Millis.of(now)));
    }

    @Override
    public List<EndedSession> deleteAll(IndexEntry entry, Set<SessionKey> except, Instant now, Detail detail) {
        List<UUID> spared = except.stream().map(SessionKey::value).toList();
        long millis = Millis.of(now);
        return detail == Detail.ATTRIBUTES
                ? sql
                        .run(
                                "delete sessions",
                                Effect.REPEATABLE,
                                call -> dialect.deleteIndexed(call, entry.name(), entry.value(), spared, millis))
                        .stream()
                        .map(row -> adapter.ended(row, EndReason.DELETED))
                        .toList()
                : sql
                        .run(
                                "delete sessions",
                                Effect.REPEATABLE,
                                call -> dialect.deleteIndexedFacts(call, entry.name(), entry.value(), spared, millis))
                        .stream()
                        .map(row -> adapter.ended(row, EndReason.DELETED))
                        .toList();
    }
}
