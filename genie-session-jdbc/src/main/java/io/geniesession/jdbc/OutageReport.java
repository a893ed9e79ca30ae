package io.geniesession.jdbc;

import io.geniesession.spi.AdapterContext;
import java.time.Duration;

/** Logs when the database stops answering and when it answers again, and tells the core. Safe for use by several threads. */
record OutageReport(String place, AdapterContext context) implements CircuitBreaker.Observer {

    private static final System.Logger LOG = System.getLogger(JdbcSessionAdapter.class.getName());

    @Override
    public void opened(String code) {
        LOG.log(
                System.Logger.Level.WARNING,
                place + " does not answer" + (code.isEmpty() ? "" : " (SQLSTATE " + code + ")")
                        + ", or no connection to it came free. Until it answers, requests that need their session fail at"
                        + " once; one each " + CircuitBreaker.PAUSE.toSeconds() + " s finds out.");
        context.available(false);
    }

    @Override
    public void closed(Duration after) {
        LOG.log(System.Logger.Level.INFO, place + " answers again, after " + after.toSeconds() + " s");
        context.available(true);
    }
}
