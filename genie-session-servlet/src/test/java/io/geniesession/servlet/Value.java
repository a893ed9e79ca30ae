package io.geniesession.servlet;

import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A value that listens itself. What all of them hear is kept apart, because stored ones come back as copies. */
record Value(String name) implements HttpSessionBindingListener, HttpSessionActivationListener, Serializable {

    /** Cleared by the test that looks at it. */
    static final List<String> HEARD = new CopyOnWriteArrayList<>();

    @Override
    public void valueBound(HttpSessionBindingEvent event) {
        HEARD.add("bound " + name + " " + seen(event));
    }

    @Override
    public void valueUnbound(HttpSessionBindingEvent event) {
        HEARD.add("unbound " + name + " " + seen(event));
    }

    /** What the session holds by now, if it can be asked. */
    private static @Nullable Object seen(HttpSessionBindingEvent event) {
        try {
            return event.getSession().getAttribute("v");
        } catch (IllegalStateException e) {
            return "over";
        }
    }

    @Override
    public void sessionDidActivate(HttpSessionEvent event) {
        HEARD.add("activated " + name);
    }

    @Override
    public void sessionWillPassivate(HttpSessionEvent event) {
        HEARD.add("passivated " + name);
    }

    @Override
    public String toString() {
        return name;
    }
}
