package io.geniesession.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.HttpSession;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What our jar, compiled for Jakarta Servlet 6.1, has to take care of where the container knows 6.0 only. */
abstract class Servlet60Contract extends ContainerFixture {

    @Test
    @DisplayName("the class path has Servlet 6.0, so that the other contracts mean what they say")
    void classPathHasServlet60() {
        assertThatThrownBy(() -> Class.forName("jakarta.servlet.http.HttpSession$Accessor"))
                .isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    @DisplayName("the session's classes name no type of 6.1, also to those who look at them by reflection")
    void reflectionFindsNoTypeOf61() {
        AtomicReference<Class<?>> seen = new AtomicReference<>();
        app.on("/session", (request, response) -> {
            HttpSession session = request.getSession();
            for (Class<?> type : new Class<?>[] {session.getClass(), request.getClass(), response.getClass()}) {
                assertThat(type.getMethods()).isNotEmpty();
                assertThat(type.getDeclaredMethods()).isNotEmpty();
            }
            seen.set(session.getClass());
        });
        assertThat(started().get("/session").status()).isEqualTo(200);
        assertThat(seen.get()).isEqualTo(HttpSessionView.class);
    }
}
