package io.geniesession;

import io.geniesession.internal.crypto.IdDigest;
import io.geniesession.spi.FormerId;
import io.geniesession.spi.SessionRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds the session that a request means, or begins one. Safe for use by several threads. */
final class SessionOpener {
    /** More cookies of one name than this are somebody's attempt to make the store work. */
    private static final int MAX_CANDIDATES = 4;

    /** Changes nothing of the configured cookie. */
    static final Consumer<CookieConfig.Builder> AS_CONFIGURED = cookie -> {};

    /**
     * For how long after its end a former id gets a session that is never stored. A parallel request may arrive that late and
     * must not replace the user's fresh cookie; a client that never got the fresh one must be able to begin again.
     */
    private static final Duration FORMER_ID_WINDOW = Duration.ofMinutes(1);

    private final SessionRuntime runtime;

    SessionOpener(SessionRuntime runtime) {
        this.runtime = runtime;
    }

    Session start(Exchange exchange, Consumer<CookieConfig.Builder> options) {
        Optional<Session> attached = exchange.attached();
        if (attached.isPresent() && attached.get().isValid()) {
            return attached.get();
        }
        ResponseCookie cookie = cookie(exchange, options);
        // The request's id is dead once its session has ended during this exchange.
        List<SessionId> candidates = attached.isPresent() ? List.of() : candidates(cookie);
        LiveSession session = open(candidates, exchange.isActivity());
        return attach(session, cookie);
    }

    Session start(SessionId id, Exchange exchange, Consumer<CookieConfig.Builder> options) {
        ResponseCookie cookie = cookie(exchange, options);
        LiveSession session = open(List.of(id), exchange.isActivity());
        attach(session, cookie);
        if (session.isOpenedBy(id) && !cookie.isKnownToClient(id)) {
            cookie.set(id);
        }
        return session;
    }

    private ResponseCookie cookie(Exchange exchange, Consumer<CookieConfig.Builder> options) {
        CookieConfig configured = runtime.config().cookie();
        if (options == AS_CONFIGURED) {
            return new ResponseCookie(exchange, configured);
        }
        CookieConfig.Builder changed = configured.toBuilder();
        options.accept(changed);
        return new ResponseCookie(exchange, changed.build());
    }

    private static Session attach(LiveSession session, ResponseCookie cookie) {
        session.setsCookieOn(cookie);
        cookie.exchange().attach(session);
        return session;
    }

    private static List<SessionId> candidates(ResponseCookie cookie) {
        List<SessionId> candidates = new ArrayList<>(1);
        for (String text : cookie.exchange().cookies(cookie.config().name())) {
            SessionId.parse(text).filter(id -> !candidates.contains(id)).ifPresent(candidates::add);
            if (candidates.size() == MAX_CANDIDATES) {
                break;
            }
        }
        return candidates;
    }

    /** The first id that opens a session decides; former ids are looked at only when none does. */
    private LiveSession open(List<SessionId> candidates, boolean activity) {
        Instant now = runtime.now();
        for (SessionId id : candidates) {
            LiveSession session = open(id, now, activity, true);
            if (session != null) {
                return session;
            }
        }
        for (SessionId id : candidates) {
            LiveSession session = openFormer(id, now, activity, true);
            if (session != null) {
                return session;
            }
        }
        return LiveSession.begin(runtime, now, true);
    }

    private @Nullable LiveSession open(SessionId id, Instant now, boolean activity, boolean joins) {
        List<IdDigest> digests = runtime.digests();
        // Without an iterator, which would be a seventh of what a reading request allocates.
        for (int i = 0; i < digests.size(); i++) {
            SessionId known = id.with(digests.get(i));
            long began = runtime.loadingBegins();
            SessionRecord record = runtime.adapter().load(known, now).orElse(null);
            if (record != null) {
                return open(record, known, began, now, activity, joins);
            }
        }
        return null;
    }

    /** @param joins whether this is one of the requests that may share a view of the session */
    private @Nullable LiveSession open(
            SessionRecord record, @Nullable SessionId id, long began, Instant now, boolean activity, boolean joins) {
        Attributes attributes = runtime.attributesOf(record, began, now, joins);
        return attributes == null ? null : LiveSession.open(attributes, record, id, now, activity);
    }

    /** Opens the session that gave up this id lately, or begins one that is not stored if it was not that lately. */
    private @Nullable LiveSession openFormer(SessionId id, Instant now, boolean activity, boolean joins) {
        for (IdDigest digest : runtime.digests()) {
            SessionId known = id.with(digest);
            long began = runtime.loadingBegins();
            FormerId former = runtime.adapter().loadFormer(known, now).orElse(null);
            if (former != null) {
                return openFormer(known, former, began, now, activity, joins);
            }
        }
        return null;
    }

    private @Nullable LiveSession openFormer(
            SessionId id, FormerId former, long began, Instant now, boolean activity, boolean joins) {
        SessionId upToDate = runtime.upToDate(id);
        if (upToDate.publicId().equals(former.session().info().publicId())) {
            // Only the digest was given up, by another request after this one had asked for the digest in use.
            return open(former.session(), upToDate, began, now, activity, joins);
        }
        if (now.isBefore(former.usableUntil())) {
            return open(former.session(), id, began, now, activity, joins);
        }
        runtime.notifier().formerIdRefused(former.session().info(), id.publicId());
        boolean storable = !now.isBefore(former.usableUntil().plus(FORMER_ID_WINDOW));
        return LiveSession.begin(runtime, now, storable);
    }

    /** Opens the session of an id, or answers null. What is no access looks on and shares nothing. */
    @Nullable
    Session load(SessionId id, boolean activity) {
        Instant now = runtime.now();
        LiveSession session = open(id, now, activity, activity);
        if (session == null) {
            session = openFormer(id, now, activity, activity);
        }
        return session == null || session.isNew() ? null : session;
    }

    Optional<Session> load(SessionKey key, boolean activity) {
        Instant now = runtime.now();
        long began = runtime.loadingBegins();
        return runtime.adapter().reload(key, now).map(record -> open(record, null, began, now, activity, activity));
    }
}
