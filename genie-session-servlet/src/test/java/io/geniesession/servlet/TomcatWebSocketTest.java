package io.geniesession.servlet;

import jakarta.servlet.http.HttpSession;
import java.util.function.Consumer;

class TomcatWebSocketTest extends TomcatWebSocketContract {

    @Override
    void access(HttpSession kept, Consumer<HttpSession> action) {
        kept.getAccessor().access(action);
    }
}
