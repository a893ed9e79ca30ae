package shop;

import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.util.concurrent.atomic.AtomicInteger;

/** A listener that stands in {@code web.xml}. */
public final class DeclaredListener implements HttpSessionListener {

    static final AtomicInteger BEGUN = new AtomicInteger();

    @Override
    public void sessionCreated(HttpSessionEvent event) {
        BEGUN.incrementAndGet();
    }
}
