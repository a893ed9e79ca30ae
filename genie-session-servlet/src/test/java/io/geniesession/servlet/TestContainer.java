package io.geniesession.servlet;

import jakarta.servlet.ServletContainerInitializer;
import java.util.List;

/** A kind of container that tests can start. One interface per container has the method; tests implement that one. */
interface TestContainer {

    /**
     * Starts the container with one application.
     *
     * @param contextPath as in the specification, so the root context's is empty
     * @param initializers what makes the application, in this order
     */
    TestServer start(String contextPath, List<ServletContainerInitializer> initializers) throws Exception;
}
