package io.geniesession.benchmarks;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;

/** A response that nothing is written to, as cheap as {@link LightRequest}. Belongs to one thread. */
final class LightResponse extends HttpServletResponseWrapper {
    private static final HttpServletResponse NOTHING = Unsupported.of(HttpServletResponse.class);

    LightResponse() {
        super(NOTHING);
    }

    @Override
    public boolean isCommitted() {
        return false;
    }
}
