package shop;

import io.geniesession.Sessions;
import io.geniesession.servlet.GenieSessions;
import jakarta.servlet.ServletContext;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** All that the application says of its sessions; docs/servlet.md has the same lines. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class ShopSessions implements ServletContextInitializer {

    @Override
    public void onStartup(ServletContext context) {
        GenieSessions.install(context, Sessions.builder());
    }
}
