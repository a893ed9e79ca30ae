package io.geniesession.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;

/**
 * Persists before asynchronous processing completes, because the container commits the response then. Safe for the threads
 * of its request.
 */
final class SessionAsyncContext implements AsyncContext {

    private final AsyncContext context;
    private final RequestState state;
    private final ServletRequest request;
    private final ServletResponse response;
    private final boolean original;

    SessionAsyncContext(AsyncContext context, RequestState state, ServletRequest request, ServletResponse response) {
        this(context, state, request, response, context.hasOriginalRequestAndResponse());
    }

    /**
     * Stands before a context of the container.
     *
     * @param original what the application is told; a container may take our wrappers for the application's
     */
    SessionAsyncContext(
            AsyncContext context,
            RequestState state,
            ServletRequest request,
            ServletResponse response,
            boolean original) {
        this.context = context;
        this.state = state;
        this.request = request;
        this.response = response;
        this.original = original;
    }

    boolean isOver(AsyncContext other) {
        return context == other;
    }

    /** Registers what persists when nobody completes: timeout and error, and whatever came after the last persist. */
    void begin() {
        state.asyncStarted();
        context.addListener(new Last(state));
    }

    @Override
    public ServletRequest getRequest() {
        return request;
    }

    /** Returns our response also where the container would give its own: what is written to it must not slip past us. */
    @Override
    public ServletResponse getResponse() {
        return response;
    }

    @Override
    public boolean hasOriginalRequestAndResponse() {
        return original;
    }

    /** Nothing is persisted yet: the dispatch comes through the filter, which does it at the end. */
    @Override
    public void dispatch() {
        context.dispatch();
    }

    /** Nothing is persisted yet, as with {@link #dispatch()}. */
    @Override
    public void dispatch(String path) {
        context.dispatch(path);
    }

    /** Another application has a filter of its own or none, so this one's part ends here. */
    @Override
    public void dispatch(ServletContext target, String path) {
        if (!target.equals(state.binding().context())) {
            state.persistAsLast();
        }
        context.dispatch(target, path);
    }

    @Override
    public void complete() {
        state.persistAsLast();
        context.complete();
    }

    @Override
    public void start(Runnable run) {
        context.start(run);
    }

    @Override
    public void addListener(AsyncListener listener) {
        context.addListener(new Forwarding(listener));
    }

    @Override
    public void addListener(AsyncListener listener, ServletRequest with, ServletResponse and) {
        context.addListener(new Forwarding(listener), with, and);
    }

    @Override
    public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
        return context.createListener(type);
    }

    @Override
    public void setTimeout(long timeout) {
        context.setTimeout(timeout);
    }

    @Override
    public long getTimeout() {
        return context.getTimeout();
    }

    /** Hands the application's listener this context, so that its {@code complete()} persists too. */
    private final class Forwarding implements AsyncListener {

        private final AsyncListener listener;

        Forwarding(AsyncListener listener) {
            this.listener = listener;
        }

        private AsyncEvent ours(AsyncEvent event) {
            return new AsyncEvent(
                    SessionAsyncContext.this,
                    event.getSuppliedRequest(),
                    event.getSuppliedResponse(),
                    event.getThrowable());
        }

        @Override
        public void onComplete(AsyncEvent event) throws IOException {
            listener.onComplete(ours(event));
        }

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {
            listener.onTimeout(ours(event));
        }

        @Override
        public void onError(AsyncEvent event) throws IOException {
            listener.onError(ours(event));
        }

        /** The event's context is that of the new cycle, which the request knows under our wrapper. */
        @Override
        public void onStartAsync(AsyncEvent event) throws IOException {
            listener.onStartAsync(new AsyncEvent(
                    new SessionAsyncContext(event.getAsyncContext(), state, request, response),
                    event.getSuppliedRequest(),
                    event.getSuppliedResponse(),
                    event.getThrowable()));
        }
    }

    /** Comes first among the listeners, because it was added first; what others change is persisted when they complete. */
    private record Last(RequestState state) implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {
            state.asyncOver();
            state.persistAsLast();
            state.finished(true);
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            state.persistAsLast();
        }

        @Override
        public void onError(AsyncEvent event) {
            state.persistAsLast();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // The new cycle gets a listener of its own.
        }
    }
}
