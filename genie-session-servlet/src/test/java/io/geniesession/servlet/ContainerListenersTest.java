package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.Sessions;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSessionListener;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A container that nobody knows. */
class ContainerListenersTest {

    private static final class Added implements HttpSessionListener {}

    private static final class Unheard implements HttpSessionListener {}

    /** Has a path and a name, and no way to its listeners. */
    private static final ServletContext UNKNOWN = (ServletContext) Proxy.newProxyInstance(
            ServletContext.class.getClassLoader(),
            new Class<?>[] {ServletContext.class},
            (proxy, method, arguments) -> switch (method.getName()) {
                case "getContextPath" -> "";
                case "getServerInfo" -> "Unknown/1.0";
                default -> null;
            });

    @Test
    void unknownContainerShowsNoListeners() {
        assertThat(ContainerListeners.of(UNKNOWN)).isEmpty();
    }

    @Test
    @DisplayName("a container that shows no listeners is named in a warning, with those that were not added to us")
    void warningNamesTheUnheard() {
        assertThat(logged(Set.of(Added.class, Unheard.class))).singleElement().satisfies(record -> {
            assertThat(record.getLevel()).isEqualTo(Level.WARNING);
            assertThat(record.getParameters()).containsExactly("Unknown/1.0", ": " + Unheard.class.getName());
        });
    }

    @Test
    void noWarningIfAllWereAdded() {
        assertThat(logged(Set.of(Added.class)))
                .singleElement()
                .satisfies(record -> assertThat(record.getLevel()).isEqualTo(Level.INFO));
    }

    private static List<LogRecord> logged(Set<Class<?>> listenerClasses) {
        List<LogRecord> records = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                records.add(record);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(SessionBinding.class.getName());
        logger.addHandler(handler);
        Sessions.Builder builder =
                Sessions.builder().adapter(new ScriptedAdapter()).set("genie.session.sweep", "false");
        try (Sessions sessions = GenieSessions.declareSettings(builder).open()) {
            SessionListeners added = new SessionListeners();
            added.add(new Added());
            new SessionBinding(UNKNOWN, sessions, added, new EventBridge(true), listenerClasses).begin(UNKNOWN);
        } finally {
            logger.removeHandler(handler);
        }
        return records;
    }
}
