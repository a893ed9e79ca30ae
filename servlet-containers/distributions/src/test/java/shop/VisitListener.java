package shop;

import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that the container finds by its annotation, and makes. */
@WebListener
public final class VisitListener implements HttpSessionListener {

    static final List<String> HEARD = new CopyOnWriteArrayList<>();

    @Override
    public void sessionCreated(HttpSessionEvent event) {
        HEARD.add("created");
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        HEARD.add("destroyed " + event.getSession().getAttribute("n"));
    }
}
