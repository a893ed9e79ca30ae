package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.HttpSession;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What Jakarta Servlet 6.1 added. Tests of 6.0 containers leave it out; what 6.0 has goes into another contract. */
abstract class Servlet61Contract extends ContainerFixture {

    @Test
    @DisplayName("commit: sendRedirect(location, clearBuffer)")
    void redirectKeepingBuffer() {
        persistsBefore((request, response) -> response.sendRedirect("/show", false));
    }

    @Test
    @DisplayName("commit: sendRedirect(location, status)")
    void redirectWithStatus() {
        persistsBefore((request, response) -> response.sendRedirect("/show", 307));
    }

    @Test
    @DisplayName("commit: sendRedirect(location, status, clearBuffer)")
    void redirectWithStatusAndBuffer() {
        persistsBefore((request, response) -> response.sendRedirect("/show", 303, true));
    }

    @Test
    @DisplayName("the accessor reaches the session after its request, and after a renewal")
    void accessor() {
        AtomicReference<HttpSession.Accessor> accessor = new AtomicReference<>();
        withCounter()
                .on(
                        "/keep",
                        (request, response) -> accessor.set(request.getSession().getAccessor()))
                .on("/renew", (request, response) -> request.changeSessionId())
                .on("/out", (request, response) -> request.getSession().invalidate());
        Browser browser = started();
        browser.get("/count");
        browser.get("/keep");
        browser.get("/renew");
        accessor.get().access(session -> session.setAttribute("n", 10));
        assertThat(browser.get("/count").body()).isEqualTo("11");
        browser.get("/out");
        assertThatThrownBy(() -> accessor.get().access(session -> {})).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @DisplayName("the accessor works before the session is stored, and shows the id that getId() shows")
    void accessorInItsRequest() {
        app.set("servlet.expose-id", "secret");
        AtomicReference<HttpSession.Accessor> accessor = new AtomicReference<>();
        AtomicReference<String> shown = new AtomicReference<>();
        withCounter().on("/begin", (request, response) -> {
            accessor.set(request.getSession().getAccessor());
            accessor.get().access(session -> session.setAttribute("n", 1));
            assertThat(app.store.writes()).isZero();
        });
        Browser browser = started();
        browser.get("/begin");
        assertThat(browser.get("/count").body()).isEqualTo("2");
        accessor.get().access(session -> shown.set(session.getId()));
        assertThat(shown).hasValue(browser.cookie);
    }

    @Test
    @DisplayName("an accessor's failing action keeps its changes, and one that ends the session is told")
    void accessorThatFailsOrEnds() {
        AtomicReference<HttpSession.Accessor> accessor = new AtomicReference<>();
        Recorder recorder = new Recorder();
        app.listeners.add(recorder);
        withCounter()
                .on(
                        "/keep",
                        (request, response) -> accessor.set(request.getSession().getAccessor()));
        Browser browser = started();
        browser.get("/count");
        browser.get("/keep");
        assertThatThrownBy(() -> accessor.get().access(session -> {
                    session.setAttribute("n", 41);
                    throw new IllegalArgumentException("on purpose");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(browser.get("/count").body()).isEqualTo("42");
        recorder.heard.clear();
        accessor.get().access(HttpSession::invalidate);
        assertThat(recorder.heard).containsExactly("destroyed null", "removed 42");
        assertThat(browser.get("/read").body()).isEqualTo("none");
    }
}
