package io.geniesession.memory;

import io.geniesession.Page;
import io.geniesession.PageRequest;
import io.geniesession.SessionInfo;
import io.geniesession.SessionKey;
import io.geniesession.spi.EndedSession;
import io.geniesession.spi.IndexEntry;
import io.geniesession.spi.IndexedSessions;
import io.geniesession.spi.SessionAdapter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A correct index that broken ones extend, and the adapter that has it. */
abstract class ForwardingIndex extends ForwardingAdapter implements IndexedSessions {
    final IndexedSessions index;

    ForwardingIndex(SessionAdapter sound) {
        super(sound);
        this.index = sound.indexed().orElseThrow();
    }

    @Override
    public Optional<IndexedSessions> indexed() {
        return Optional.of(this);
    }

    @Override
    public Page<SessionInfo> find(IndexEntry entry, Instant now, PageRequest page) {
        return index.find(entry, now, page);
    }

    @Override
    public long count(IndexEntry entry, Instant now) {
        return index.count(entry, now);
    }

    @Override
    public List<EndedSession> deleteAll(IndexEntry entry, Set<SessionKey> except, Instant now, Detail detail) {
        return index.deleteAll(entry, except, now, detail);
    }
}
