package shop;

import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.stereotype.Component;

/** A listener that is a bean. */
@Component
public class ShopListener implements HttpSessionListener {

    private final List<String> heard = new CopyOnWriteArrayList<>();

    /** Returns what was heard so far. */
    public List<String> heard() {
        return heard;
    }

    @Override
    public void sessionCreated(HttpSessionEvent event) {
        heard.add("created");
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        heard.add("destroyed " + event.getSession().getAttribute("n"));
    }
}
