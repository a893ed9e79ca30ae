package io.geniesession.servlet;

import jakarta.servlet.ServletContainerInitializer;
import java.util.List;
import java.util.Map;

/** A kind of container that tests can start. One interface per container has the method; tests implement that one. */
interface TestContainer {

    /**
     * Starts the container with several applications.
     *
     * @param applications what makes each application, in this order, by its context path as in the specification, so the
     *     root context's is empty
     */
    TestServer start(Map<String, List<ServletContainerInitializer>> applications) throws Exception;

    /** Starts the container with one application. */
    default TestServer start(String contextPath, List<ServletContainerInitializer> initializers) throws Exception {
        return start(Map.of(contextPath, initializers));
    }
}
