package io.geniesession.servlet;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.util.function.Consumer;

/** A listener that does what a scenario wants of it. */
final class Listeners implements HttpSessionListener, HttpSessionAttributeListener {

    /** A value that makes the listener fail. */
    static final String FAIL = "fail";

    /** A value of the attribute "action" that says what is to be done at the end. */
    record AtTheEnd(Consumer<HttpSession> action) {
        @Override
        public String toString() {
            return "action";
        }
    }

    @Override
    public void attributeAdded(HttpSessionBindingEvent event) {
        failIfAsked(event);
    }

    @Override
    public void attributeRemoved(HttpSessionBindingEvent event) {
        failIfAsked(event);
    }

    private static void failIfAsked(HttpSessionBindingEvent event) {
        if (event.getValue().equals(FAIL)) {
            throw new UnsupportedOperationException("on purpose");
        }
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        if (event.getSession().getAttribute("action") instanceof AtTheEnd atTheEnd) {
            atTheEnd.action().accept(event.getSession());
        }
    }
}
