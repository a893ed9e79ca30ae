package io.geniesession.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpUpgradeHandler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The request as the application sees it: with our session. Belongs to one request and is safe for its threads. */
final class SessionRequest extends HttpServletRequestWrapper {

    private final RequestState state;
    private final @Nullable HttpServletResponse response;
    private volatile @Nullable SessionAsyncContext async;

    /**
     * Wraps a request.
     *
     * @param response the response that goes with it, already wrapped; null for listeners, which see no response
     */
    SessionRequest(HttpServletRequest request, @Nullable HttpServletResponse response, RequestState state) {
        super(request);
        this.response = response;
        this.state = state;
    }

    RequestState state() {
        return state;
    }

    @Override
    public HttpSession getSession() {
        HttpSession session = getSession(true);
        if (session == null) {
            throw new IllegalStateException("A session was asked for and none began");
        }
        return session;
    }

    @Override
    public @Nullable HttpSession getSession(boolean create) {
        return state.session(create);
    }

    @Override
    public String changeSessionId() {
        return state.changeSessionId();
    }

    /** Returns null for a cookie that is no session id at all. */
    @Override
    public @Nullable String getRequestedSessionId() {
        return state.requestedSessionId();
    }

    @Override
    public boolean isRequestedSessionIdValid() {
        return state.isRequestedSessionIdValid();
    }

    @Override
    public boolean isRequestedSessionIdFromCookie() {
        return state.requestedSessionId() != null;
    }

    @Override
    public boolean isRequestedSessionIdFromURL() {
        return false;
    }

    /** A failed authentication writes the challenge. */
    @Override
    public boolean authenticate(HttpServletResponse to) throws IOException, ServletException {
        state.beforeCommit();
        return super.authenticate(to);
    }

    @Override
    public <T extends HttpUpgradeHandler> T upgrade(Class<T> handlerClass) throws IOException, ServletException {
        state.beforeCommit();
        return super.upgrade(handlerClass);
    }

    @Override
    public AsyncContext startAsync() {
        AsyncContext started = super.startAsync();
        return begun(new SessionAsyncContext(started, state, this, response(), true));
    }

    @Override
    public AsyncContext startAsync(ServletRequest asyncRequest, ServletResponse asyncResponse) {
        AsyncContext started = super.startAsync(asyncRequest, asyncResponse);
        return begun(new SessionAsyncContext(started, state, asyncRequest, asyncResponse));
    }

    private HttpServletResponse response() {
        if (response == null) {
            throw new IllegalStateException("A listener that hears of requests has no response to go on with");
        }
        return response;
    }

    private AsyncContext begun(SessionAsyncContext context) {
        context.begin();
        async = context;
        return context;
    }

    @Override
    public AsyncContext getAsyncContext() {
        AsyncContext present = super.getAsyncContext();
        SessionAsyncContext known = async;
        if (known != null && known.isOver(present)) {
            return known;
        }
        // Started by an earlier dispatch, which had a wrapper of its own.
        SessionAsyncContext context = present.hasOriginalRequestAndResponse()
                ? new SessionAsyncContext(present, state, this, response())
                : new SessionAsyncContext(present, state, present.getRequest(), present.getResponse());
        async = context;
        return context;
    }
}
