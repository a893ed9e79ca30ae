package io.geniesession.servlet;

import io.geniesession.SessionStoreException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the application and gives its requests our sessions.
 *
 * <p>{@link GenieSessionInitializer} and {@link GenieSessions#install} register it, before all other filters and for every
 * kind of dispatch; applications have nothing to do with it. Registered once more, in {@code web.xml} for instance, it lets
 * requests pass that went through it before.
 *
 * <p>The session is persisted before the response is committed, whatever commits it, and at the end of the request. If the
 * store does not answer, the request is answered with 503 and {@code Retry-After}, or goes on without its session, as
 * {@code genie.session.servlet.outage} says; the client's cookie is left as it is in either case.
 *
 * <p>Safe for use by several threads.
 */
public final class SessionFilter implements Filter {

    private static final System.Logger LOG = System.getLogger(SessionFilter.class.getName());

    private volatile @Nullable SessionBinding binding;

    /** Creates a filter that finds its sessions in the servlet context. */
    public SessionFilter() {}

    /**
     * Finds the sessions of the servlet context.
     *
     * @param config tells the servlet context
     * @throws ServletException if no sessions are installed there
     */
    @Override
    public void init(FilterConfig config) throws ServletException {
        SessionBinding found = SessionBinding.find(config.getServletContext());
        if (found == null) {
            throw new ServletException(
                    "No sessions are installed in this servlet context; call GenieSessions.install, or" + " remove "
                            + ServletSettings.ENABLED.name() + "=false");
        }
        found.begin(config.getServletContext());
        binding = found;
    }

    /**
     * Lets a request pass with our session in it.
     *
     * @param request the request
     * @param response the response
     * @param chain the rest of the application
     * @throws IOException if the application throws it
     * @throws ServletException if the application throws it
     * @throws SessionStoreException if the store does not answer and the response is committed already
     */
    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        SessionBinding sessions = binding;
        if (sessions == null) {
            throw new IllegalStateException("The filter is not initialised");
        }
        if (request instanceof HttpServletRequest http && response instanceof HttpServletResponse answer) {
            RequestState state = RequestState.of(sessions, http, answer);
            HttpServletResponse wrappedResponse =
                    isWrapped(answer, state) ? answer : new SessionResponse(answer, state);
            HttpServletRequest wrappedRequest =
                    isWrapped(http, state) ? http : new SessionRequest(http, wrappedResponse, state);
            dispatch(state, wrappedRequest, wrappedResponse, chain);
        } else {
            chain.doFilter(request, response);
        }
    }

    private static boolean isWrapped(ServletRequest request, RequestState state) {
        ServletRequest current = request;
        while (current instanceof ServletRequestWrapper wrapper) {
            if (wrapper instanceof SessionRequest ours && ours.state() == state) {
                return true;
            }
            current = wrapper.getRequest();
        }
        return false;
    }

    private static boolean isWrapped(ServletResponse response, RequestState state) {
        ServletResponse current = response;
        while (current instanceof ServletResponseWrapper wrapper) {
            if (wrapper instanceof SessionResponse ours && ours.state() == state) {
                return true;
            }
            current = wrapper.getResponse();
        }
        return false;
    }

    private static void dispatch(
            RequestState state, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        DispatcherType type = request.getDispatcherType();
        boolean outermost = state.enter(type);
        try {
            dispatch(state, outermost, type, request, response, chain);
        } finally {
            if (outermost && !state.isAsyncPending()) {
                // Whoever started asynchronous processing without our knowledge still has the response.
                state.finished(!request.isAsyncStarted());
            }
        }
    }

    private static void dispatch(
            RequestState state,
            boolean outermost,
            DispatcherType type,
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain)
            throws IOException, ServletException {
        try {
            if (outermost && state.isUsed() && "websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
                // A container may answer the handshake past our response; what listeners began is stored before.
                state.beforeCommit();
            }
            chain.doFilter(request, response);
        } catch (IOException | ServletException | RuntimeException | Error e) {
            failed(state, outermost, e);
            return;
        } finally {
            state.leave();
        }
        finished(state, outermost, type, request);
    }

    /** What the application changed before it failed is kept, as containers do. */
    private static void failed(RequestState state, boolean outermost, Throwable failure)
            throws IOException, ServletException {
        SessionStoreException outage = storeFailure(failure);
        if (outermost && outage != null && state.answerUnavailable(outage, true)) {
            return;
        }
        if (outermost && outage == null && !state.isAsyncPending()) {
            persistAfter(state, failure);
        }
        if (failure instanceof IOException io) {
            throw io;
        }
        if (failure instanceof ServletException servlet) {
            throw servlet;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }

    private static void persistAfter(RequestState state, Throwable failure) {
        try {
            state.persist();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "The session of a failed request could not be persisted", e);
            state.giveUp();
            if (e != failure) {
                failure.addSuppressed(e);
            }
        }
    }

    /**
     * The end of an include commits nothing; that of a forward does, in every container. An include from another application
     * is all that this one has of the request. Asynchronous processing ends elsewhere.
     */
    private static void finished(RequestState state, boolean outermost, DispatcherType type, HttpServletRequest request)
            throws IOException {
        // At the end of an error page the container commits, also while it still counts the failed page as
        // asynchronous.
        boolean ongoing = state.isAsyncPending() || (type != DispatcherType.ERROR && request.isAsyncStarted());
        if ((type == DispatcherType.INCLUDE && !outermost) || ongoing) {
            return;
        }
        try {
            state.persist();
        } catch (SessionStoreException e) {
            if (!outermost || !state.answerUnavailable(e, true)) {
                throw e;
            }
        } catch (RuntimeException e) {
            // The error page that follows must not stumble over the same value.
            state.giveUp();
            throw e;
        }
    }

    private static @Nullable SessionStoreException storeFailure(Throwable failure) {
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < 32; cause = cause.getCause(), depth++) {
            if (cause instanceof SessionStoreException found) {
                return found;
            }
        }
        return null;
    }
}
