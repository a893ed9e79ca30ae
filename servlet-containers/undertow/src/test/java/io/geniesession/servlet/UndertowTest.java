package io.geniesession.servlet;

import org.junit.jupiter.api.Nested;

/** Contracts on Undertow. */
class UndertowTest {

    @Nested
    class Sessions extends SessionContract implements OnUndertow {}

    @Nested
    class SharedViews extends SharedViewHttpContract implements OnUndertow {}

    @Nested
    class Listeners extends ListenerContract implements OnUndertow {}

    @Nested
    class OnServlet60 extends Servlet60Contract implements OnUndertow {}
}
