package io.geniesession.jdbc;

import io.geniesession.SessionInfo;
import io.geniesession.spi.AdapterContext;
import io.geniesession.spi.AttributeValue;
import io.geniesession.spi.SessionLog;
import io.geniesession.spi.SessionRecord;
import java.util.Optional;
import java.util.Set;

/**
 * A session as it was read, with what the next persist needs: its log, and whether that is all there is in the row.
 *
 * <p>Immutable.
 */
final class JdbcSessionRecord implements SessionRecord {

    private final AdapterContext context;
    private final SessionInfo info;
    private final SessionLog log;
    private final Segments segments;
    private final boolean behind;

    /**
     * @param segments what the log was read from, and what was appended since
     * @param behind whether the row has changes of others that the log lacks: then it must not replace what is stored, and
     *     no strict persist can succeed
     */
    JdbcSessionRecord(AdapterContext context, SessionInfo info, SessionLog log, Segments segments, boolean behind) {
        this.context = context;
        this.info = info;
        this.log = log;
        this.segments = segments;
        this.behind = behind;
    }

    @Override
    public SessionInfo info() {
        return info;
    }

    @Override
    public Set<String> attributeNames() {
        return log.attributeNames();
    }

    @Override
    public Optional<AttributeValue> attribute(String name) {
        return log.attribute(name).map(context::valueOf);
    }

    SessionLog log() {
        return log;
    }

    boolean isBehind() {
        return behind;
    }

    Segments segments() {
        return segments;
    }

    /** Returns text without names and values. */
    @Override
    public String toString() {
        return "JdbcSessionRecord[" + info.publicId() + ", version " + info.version() + ", " + log
                + (behind ? ", behind" : "") + "]";
    }
}
