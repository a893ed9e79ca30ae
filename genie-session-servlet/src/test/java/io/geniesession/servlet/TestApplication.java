package io.geniesession.servlet;

import io.geniesession.Sessions;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A web application whose pages are written in the tests. */
final class TestApplication {

    /** What a page does. */
    interface Page {
        void answer(HttpServletRequest request, HttpServletResponse response) throws Exception;
    }

    final ScriptedAdapter store;
    final TestClock clock = new TestClock();
    final List<EventListener> listeners = new ArrayList<>();
    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private final Map<String, String> settings = new ConcurrentHashMap<>();
    private final List<Consumer<ServletContext>> before = new ArrayList<>();
    private final List<Consumer<ServletContext>> after = new ArrayList<>();
    volatile ServletContext context;

    /** Whether the application opens its sessions itself and installs them open. */
    volatile boolean opened;

    /** The sessions of another application, instead of own ones. */
    volatile @Nullable Sessions shared;

    volatile Sessions sessions;

    TestApplication() {
        this(new ScriptedAdapter());
    }

    /** Another node of an application that has this store. */
    TestApplication(ScriptedAdapter store) {
        this.store = store;
    }

    TestApplication set(String name, String value) {
        settings.put("genie.session." + name, value);
        return this;
    }

    TestApplication on(String path, Page page) {
        pages.put(path, page);
        return this;
    }

    /** Lets the context say something before the sessions are installed. */
    TestApplication before(Consumer<ServletContext> action) {
        before.add(action);
        return this;
    }

    /** Lets the context say something after the sessions were installed. */
    TestApplication after(Consumer<ServletContext> action) {
        after.add(action);
        return this;
    }

    /** Does what an embedder does. */
    List<ServletContainerInitializer> initializers() {
        return List.of(
                (classes, starting) -> before.forEach(action -> action.accept(starting)),
                this::install,
                (classes, starting) -> after.forEach(action -> action.accept(starting)));
    }

    private void install(@Nullable Set<Class<?>> classes, ServletContext starting) {
        context = starting;
        Sessions.Builder builder =
                Sessions.builder().adapter(store).clock(clock).set("genie.session.sweep", "false");
        settings.forEach(builder::set);
        if (shared != null) {
            sessions = shared;
            GenieSessions.install(starting, shared, listeners.toArray(EventListener[]::new));
        } else if (opened) {
            sessions = GenieSessions.declareSettings(builder).open();
            GenieSessions.install(starting, sessions, listeners.toArray(EventListener[]::new));
        } else {
            sessions = GenieSessions.install(starting, builder, listeners.toArray(EventListener[]::new));
        }
        ServletRegistration.Dynamic servlet = starting.addServlet("pages", new Pages());
        servlet.setAsyncSupported(true);
        servlet.addMapping("/*");
    }

    private final class Pages extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            Page page = pages.get(path(request));
            if (page == null) {
                if (request.getDispatcherType() != DispatcherType.ERROR) {
                    response.setStatus(404);
                }
                return;
            }
            try {
                page.answer(request, response);
            } catch (IOException | ServletException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new ServletException(e);
            }
        }

        private String path(HttpServletRequest request) {
            if (request.getDispatcherType() == DispatcherType.INCLUDE) {
                return String.valueOf(request.getAttribute(RequestDispatcher.INCLUDE_PATH_INFO));
            }
            return String.valueOf(request.getPathInfo());
        }
    }
}
