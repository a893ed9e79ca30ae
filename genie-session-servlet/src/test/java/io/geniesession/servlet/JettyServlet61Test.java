package io.geniesession.servlet;

/** What Jakarta Servlet 6.1 added, on Jetty. */
class JettyServlet61Test extends Servlet61Contract implements OnJetty {}
