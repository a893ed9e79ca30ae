package io.geniesession.jdbc;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One persist as a statement takes it. Times are milliseconds; what is null stays as it is.
 *
 * @param key the session
 * @param delta the entries to add, empty if no attribute and no index changes
 * @param accessed the access of the request
 * @param base the version that {@code snapshot} was made from
 * @param snapshot what the whole log is replaced by if the version is still {@code base}
 * @param expected the version that a strict persist asks for
 * @param expiry the new expiry
 * @param renewal the new id
 * @param indexes the names of the index entries that change
 * @param values their new values, in the same order; null: removed
 */
@SuppressWarnings("ArrayRecordComponent") // carries bytes from one method to the next, is never compared
record RowChange(
        UUID key,
        byte[] delta,
        long accessed,
        long base,
        byte @Nullable [] snapshot,
        @Nullable Long expected,
        @Nullable NewExpiry expiry,
        @Nullable NewId renewal,
        List<String> indexes,
        List<@Nullable String> values) {

    /** A new expiry. */
    record NewExpiry(long maxIdle, long touchEvery, long lifetimeEnd) {}

    /** A new id, given only to the session that still has the old one. */
    @SuppressWarnings("ArrayRecordComponent") // see above
    record NewId(byte[] from, byte[] to, long formerUntil) {}

    /** Tells whether all there is to do is adding entries. */
    boolean isPlain() {
        return snapshot == null && expected == null && expiry == null && renewal == null && indexes.isEmpty();
    }

    /** Tells whether it may share a statement with others: it adds entries, or compacts, and asks for nothing else. */
    boolean isCombinable() {
        return expected == null && expiry == null && renewal == null && indexes.isEmpty();
    }

    /** Returns how many bytes it sends, about. */
    long bytes() {
        return snapshot == null ? delta.length : (long) delta.length + snapshot.length;
    }

    @Nullable
    Long maxIdle() {
        return expiry == null ? null : expiry.maxIdle;
    }

    @Nullable
    Long touchEvery() {
        return expiry == null ? null : expiry.touchEvery;
    }

    @Nullable
    Long lifetimeEnd() {
        return expiry == null ? null : expiry.lifetimeEnd;
    }
}
