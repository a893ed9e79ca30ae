package io.geniesession.servlet;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** Writes down what it hears, under its own name. Safe for use by several threads. */
final class Recorder implements HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {

    final List<String> heard;
    final AtomicReference<HttpSession> last = new AtomicReference<>();
    private final String prefix;

    Recorder() {
        this("", new CopyOnWriteArrayList<>());
    }

    /** Shares what is heard with others. */
    Recorder(String prefix, List<String> heard) {
        this.prefix = prefix;
        this.heard = heard;
    }

    @Override
    public void sessionCreated(HttpSessionEvent event) {
        last.set(event.getSession());
        heard.add(prefix + "created");
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        heard.add(prefix + "destroyed " + event.getSession().getAttribute("v"));
    }

    @Override
    public void sessionIdChanged(HttpSessionEvent event, String oldId) {
        heard.add(prefix + (event.getSession().getId().equals(oldId) ? "id unchanged" : "id changed"));
    }

    @Override
    public void attributeAdded(HttpSessionBindingEvent event) {
        heard.add(prefix + "added " + event.getValue());
    }

    @Override
    public void attributeRemoved(HttpSessionBindingEvent event) {
        heard.add(prefix + "removed " + event.getValue());
    }

    @Override
    public void attributeReplaced(HttpSessionBindingEvent event) {
        heard.add(prefix + "replaced " + event.getValue());
    }
}
