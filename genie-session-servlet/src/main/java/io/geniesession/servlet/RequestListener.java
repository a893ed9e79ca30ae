package io.geniesession.servlet;

import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;

/**
 * Stands before a listener of the application that hears of requests and shows it the request with our session. Without it, such
 * a listener would get the container's own request, which comes before any filter, and with it the container's own sessions.
 *
 * <p>Safe for use by several threads.
 *
 * @param binding the sessions of the application
 * @param application the listener that the container has made
 */
record RequestListener(SessionBinding binding, ServletRequestListener application) implements ServletRequestListener {

    @Override
    public void requestInitialized(ServletRequestEvent event) {
        application.requestInitialized(shown(event));
    }

    /** Behind the filter nobody persists or releases any more what the listener has used at the end, so that is done here. */
    @Override
    public void requestDestroyed(ServletRequestEvent event) {
        try {
            application.requestDestroyed(shown(event));
        } finally {
            if (event.getServletRequest() instanceof HttpServletRequest request) {
                RequestState state = RequestState.of(binding, request);
                state.persistAsLast();
                if (!state.isAsyncPending() && !request.isAsyncStarted()) {
                    state.release();
                }
            }
        }
    }

    private ServletRequestEvent shown(ServletRequestEvent event) {
        return event.getServletRequest() instanceof HttpServletRequest request
                ? new ServletRequestEvent(
                        event.getServletContext(),
                        RequestState.of(binding, request).forListeners())
                : event;
    }
}
