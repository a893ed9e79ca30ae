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
    private final int snapshotSize;
    private final boolean behind;

    /**
     * @param snapshotSize how many bytes of the log are the row's snapshot
     * @param behind whether the row has changes of others that the log lacks: then it must not replace what is stored, and
     *     no strict persist can succeed
     */
    JdbcSessionRecord(AdapterContext context, SessionInfo info, SessionLog log, int snapshotSize, boolean behind) {
        this.context = context;
        this.info = info;
        this.log = log;
        this.snapshotSize = snapshotSize;
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

    int snapshotSize() {
        return snapshotSize;
    }

    /** Returns the number of bytes that were added since the snapshot. */
    long changesSize() {
        return log.size() - snapshotSize;
    }

    /** Returns text without names and values. */
    @Override
    public String toString() {
        return "JdbcSessionRecord[" + info.publicId() + ", version " + info.version() + ", " + log
                + (behind ? ", behind" : "") + "]";
    }
}
