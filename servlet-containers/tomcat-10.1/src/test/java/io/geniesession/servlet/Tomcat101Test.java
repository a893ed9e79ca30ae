package io.geniesession.servlet;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;

/** All contracts on Tomcat 10.1. */
class Tomcat101Test {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    @Nested
    class Sessions extends SessionContract implements OnTomcat {}

    @Nested
    class SharedViews extends SharedViewHttpContract implements OnTomcat {}

    @Nested
    class Listeners extends ListenerContract implements OnTomcat {}

    @Nested
    class Dispatches extends DispatchContract implements OnTomcat {}

    @Nested
    class OverHttp2 extends Http2Contract implements OnTomcat {}

    @Nested
    class InParallel extends ParallelContract implements OnTomcat {}

    @Nested
    class UnderLoad extends LoadContract implements OnTomcat {}

    @Nested
    class TwoNodes extends NodesContract implements OnTomcat {}

    @Nested
    class Values extends ValueContract implements OnTomcat {}

    @Nested
    class SeveralApplications extends ApplicationsContract implements OnTomcat {}

    @Nested
    class InParallelOnOneDatabase extends ParallelContract implements OnTomcat {

        private final String database = "test" + DATABASES.incrementAndGet();

        @Override
        void keep(TestApplication application) {
            keepIn(database, application);
        }
    }

    @Nested
    class TwoNodesOnOneDatabase extends NodesContract implements OnTomcat {

        private final String database = "test" + DATABASES.incrementAndGet();

        @Override
        void keep(TestApplication application) {
            keepIn(database, application);
        }
    }

    @Nested
    class SeveralApplicationsOnOneDatabase extends ApplicationsContract implements OnTomcat {

        private final String database = "test" + DATABASES.incrementAndGet();

        @Override
        void keep(TestApplication application) {
            keepIn(database, application);
        }
    }

    private static void keepIn(String database, TestApplication application) {
        application.storage = builder -> builder.set("genie.session.adapter", "jdbc")
                .set("genie.session.jdbc.url", "jdbc:h2:mem:" + database + ";DB_CLOSE_DELAY=-1");
    }

    @Nested
    class WebSockets extends TomcatWebSocketContract {}

    @Nested
    class OnServlet60 extends Servlet60Contract implements OnTomcat {}

    @Nested
    class Application extends TomcatWebApplicationTest {}

    @Nested
    class ComparedWithItsOwn extends DifferentialContract implements OnTomcat {

        @Override
        Differences differences() {
            return Differences.tomcat101();
        }
    }
}
