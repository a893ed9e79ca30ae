package io.geniesession.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/**
 * The response as the application sees it: whatever commits it persists the session first.
 *
 * <p>What commits: redirects and errors; flushing and closing of the response, its stream and its writer; a body as long as
 * the {@code Content-Length}; a body that no longer fits into the buffer. Containers differ in the last point: some send a
 * large write at once although it would fit. So a single write of a quarter of the buffer or more counts as well; being
 * early costs nothing unless the session changes once more.
 *
 * <p>The methods that Jakarta Servlet 6.1 added are overridden here too; a 6.0 container never calls them.
 *
 * <p>Belongs to one request and, as any response, to one of its threads at a time.
 */
final class SessionResponse extends HttpServletResponseWrapper {

    private static final String CONTENT_LENGTH = "Content-Length";
    private static final long UNKNOWN = -1;

    private final RequestState state;
    private long contentLength = UNKNOWN;
    private long written;
    private boolean overflowed;
    private @Nullable SessionOutputStream stream;
    private @Nullable SessionWriter writer;

    SessionResponse(HttpServletResponse response, RequestState state) {
        super(response);
        this.state = state;
    }

    RequestState state() {
        return state;
    }

    // ---- what commits at once

    @Override
    public void sendRedirect(String location) throws IOException {
        state.beforeCommit();
        super.sendRedirect(location);
    }

    @Override
    public void sendRedirect(String location, int status) throws IOException {
        state.beforeCommit();
        super.sendRedirect(location, status);
    }

    @Override
    public void sendRedirect(String location, boolean clearBuffer) throws IOException {
        state.beforeCommit();
        super.sendRedirect(location, clearBuffer);
    }

    @Override
    public void sendRedirect(String location, int status, boolean clearBuffer) throws IOException {
        state.beforeCommit();
        super.sendRedirect(location, status, clearBuffer);
    }

    @Override
    public void sendError(int status) throws IOException {
        state.beforeCommit();
        super.sendError(status);
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        state.beforeCommit();
        super.sendError(status, message);
    }

    @Override
    public void flushBuffer() throws IOException {
        beforeFlush();
        super.flushBuffer();
    }

    // ---- the body

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        SessionOutputStream present = stream;
        if (present == null) {
            present = new SessionOutputStream(super.getOutputStream(), this);
            stream = present;
        }
        return present;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        SessionWriter present = writer;
        if (present == null) {
            PrintWriter container = super.getWriter();
            present = new SessionWriter(container, this, getCharacterEncoding());
            writer = present;
        }
        return present;
    }

    /** Called before so many bytes, or a few more than there will be, are added to the body. */
    void beforeWrite(long bytes) {
        written += bytes;
        if (!overflowed && (isFull(bytes) || isComplete())) {
            overflowed = true;
            state.beforeCommit();
        }
    }

    private boolean isFull(long bytes) {
        int size = getBufferSize();
        return written >= size || bytes >= size / 4;
    }

    private boolean isComplete() {
        return contentLength > 0 && written >= contentLength;
    }

    /** Also after the response was committed: the client may act on what it gets, an event for instance, at once. */
    void beforeFlush() {
        state.persist();
    }

    /** Also after the response was committed: the client may act on its end before the request's own. */
    void beforeClose() {
        state.persist();
    }

    // ---- the length

    @Override
    public void setContentLength(int length) {
        expect(length);
        super.setContentLength(length);
    }

    @Override
    public void setContentLengthLong(long length) {
        expect(length);
        super.setContentLengthLong(length);
    }

    @Override
    public void setIntHeader(String name, int value) {
        if (CONTENT_LENGTH.equalsIgnoreCase(name)) {
            expect(value);
        }
        super.setIntHeader(name, value);
    }

    @Override
    public void addIntHeader(String name, int value) {
        if (CONTENT_LENGTH.equalsIgnoreCase(name)) {
            expect(value);
        }
        super.addIntHeader(name, value);
    }

    @Override
    public void setHeader(String name, @Nullable String value) {
        expect(name, value);
        super.setHeader(name, value);
        if ("Set-Cookie".equalsIgnoreCase(name)) {
            state.restoreCookie();
        }
    }

    @Override
    public void addHeader(String name, @Nullable String value) {
        expect(name, value);
        super.addHeader(name, value);
    }

    private void expect(String name, @Nullable String value) {
        if (!CONTENT_LENGTH.equalsIgnoreCase(name) || value == null) {
            return;
        }
        try {
            expect(Long.parseLong(value.strip()));
        } catch (NumberFormatException e) {
            // The container refuses or ignores it.
            expect(UNKNOWN);
        }
    }

    /** A length that the body has already commits the response. */
    private void expect(long length) {
        contentLength = length;
        if (isComplete()) {
            state.beforeCommit();
        }
    }

    // ---- starting over

    @Override
    public void reset() {
        super.reset();
        contentLength = UNKNOWN;
        stream = null;
        writer = null;
        emptied();
        state.restoreCookie();
    }

    @Override
    public void resetBuffer() {
        super.resetBuffer();
        emptied();
    }

    private void emptied() {
        written = 0;
        overflowed = false;
    }

    // ---- the session's id is in the cookie or nowhere

    @Override
    public String encodeURL(String url) {
        return url;
    }

    @Override
    public String encodeRedirectURL(String url) {
        return url;
    }
}
