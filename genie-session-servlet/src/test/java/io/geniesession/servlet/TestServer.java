package io.geniesession.servlet;

/** A started container with one web application. */
interface TestServer {

    int port();

    void close() throws Exception;
}
