package io.geniesession.servlet;

import io.geniesession.Session;
import io.geniesession.SessionKey;
import jakarta.servlet.http.HttpSession;
import java.lang.ref.WeakReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The session with what Jakarta Servlet 6.1 adds. Loaded only where {@link HttpSession.Accessor} exists, because whoever looks
 * at this class by reflection resolves the type. Belongs to one request and is safe for its threads.
 */
final class AccessibleHttpSessionView extends HttpSessionView {

    AccessibleHttpSessionView(SessionBinding binding, Session session, Supplier<@Nullable String> secret) {
        super(binding, session, secret);
    }

    AccessibleHttpSessionView(SessionBinding binding, EndedSource ended) {
        super(binding, ended);
    }

    /**
     * The accessor knows the session by its key, so that it finds it after renewals too. Until the session is stored it reaches
     * the one of the request that made it.
     */
    @Override
    public Accessor getAccessor() {
        if (!isLive()) {
            throw hasEnded();
        }
        SessionBinding sessions = binding();
        SessionKey key = session().key();
        String shownId = getId();
        WeakReference<HttpSessionView> begun = new WeakReference<>(this);
        return action -> {
            HttpSessionView own = begun.get();
            if (own != null && own.isLive() && !own.session().isStored()) {
                action.accept(own);
            } else {
                sessions.access(key, shownId, action);
            }
        };
    }
}
