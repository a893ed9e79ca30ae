package io.geniesession.servlet;

import org.junit.jupiter.api.Nested;

/** All contracts on Tomcat 10.1. */
class Tomcat101Test {

    @Nested
    class Sessions extends SessionContract implements OnTomcat {}

    @Nested
    class SharedViews extends SharedViewHttpContract implements OnTomcat {}

    @Nested
    class Listeners extends ListenerContract implements OnTomcat {}

    @Nested
    class Dispatches extends DispatchContract implements OnTomcat {}

    @Nested
    class OnServlet60 extends Servlet60Contract implements OnTomcat {}

    @Nested
    class Application extends WebApplicationTest {}

    @Nested
    class ComparedWithItsOwn extends DifferentialContract implements OnTomcat {

        @Override
        Differences differences() {
            return Differences.tomcat101();
        }
    }
}
