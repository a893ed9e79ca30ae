package io.geniesession.internal.crypto;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The ways in which the store may know an id: by the digest under one of several keys, or without a key.
 *
 * <p>Immutable.
 */
public final class IdDigests {
    private final List<IdDigest> inUse;
    private final List<IdDigest> newestFirst;
    private final @Nullable KeyRing keys;

    private IdDigests(List<IdDigest> newestFirst, IdDigest active, @Nullable KeyRing keys) {
        List<IdDigest> order = new ArrayList<>(newestFirst);
        order.remove(active);
        order.add(0, active);
        this.inUse = List.copyOf(order);
        this.newestFirst = newestFirst;
        this.keys = keys;
    }

    /**
     * Creates the digests.
     *
     * @param keys the keys, the newest first; empty: ids are digested without a key
     * @param acceptsUnkeyed whether digests without a key are looked up, which counts as older than any key
     */
    public static IdDigests of(Optional<KeyRing> keys, boolean acceptsUnkeyed) {
        if (keys.isEmpty()) {
            return new IdDigests(List.of(IdDigest.UNKEYED), IdDigest.UNKEYED, null);
        }
        KeyRing ring = keys.get();
        List<IdDigest> digests = new ArrayList<>();
        IdDigest active = IdDigest.UNKEYED;
        for (String id : ring.ids()) {
            IdDigest digest = IdDigest.keyed(ring.derive(id, Bytes.ascii("digest 1")));
            digests.add(digest);
            active = id.equals(ring.active()) ? digest : active;
        }
        if (acceptsUnkeyed) {
            digests.add(IdDigest.UNKEYED);
        }
        return new IdDigests(List.copyOf(digests), active, ring);
    }

    /** Returns all digests in the order in which to look them up: first the one for new ids, then the newest. */
    public List<IdDigest> inUse() {
        return inUse;
    }

    /** Returns the digest of new ids. */
    public IdDigest active() {
        return inUse.get(0);
    }

    /** Tells whether a digest is to give way to the active one. */
    public boolean isOutdated(IdDigest digest) {
        return newestFirst.size() > 1 && newestFirst.indexOf(digest) > newestFirst.indexOf(active());
    }

    /** Tells whether keys are configured. */
    public boolean isConfigured() {
        return keys != null;
    }

    /** Wipes the keys. Called once nothing can be looked up any more. */
    public void close() {
        if (keys != null) {
            keys.close();
            inUse.forEach(IdDigest::close);
        }
    }
}
