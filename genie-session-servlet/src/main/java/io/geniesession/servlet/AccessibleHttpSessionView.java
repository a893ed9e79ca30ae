package io.geniesession.servlet;

import io.geniesession.Session;
import io.geniesession.SessionKey;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

/**
 * The session with what Jakarta Servlet 6.1 adds. Loaded only where {@link HttpSession.Accessor} exists, because whoever looks
 * at this class by reflection resolves the type. Belongs to one request and is safe for its threads.
 */
final class AccessibleHttpSessionView extends HttpSessionView {

    AccessibleHttpSessionView(SessionBinding binding, Session session, @Nullable String exposedId) {
        super(binding, session, exposedId);
    }

    AccessibleHttpSessionView(SessionBinding binding, EndedSource ended) {
        super(binding, ended);
    }

    /** The accessor knows the session by its key, so that it finds it after renewals too. */
    @Override
    public Accessor getAccessor() {
        if (!isValid()) {
            throw new IllegalStateException("The session has ended: it was invalidated or expired");
        }
        SessionBinding sessions = binding();
        SessionKey key = session().key();
        return action -> sessions.access(key, action);
    }
}
