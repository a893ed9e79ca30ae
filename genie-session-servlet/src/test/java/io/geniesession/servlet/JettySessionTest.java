package io.geniesession.servlet;

/** Sessions on Jetty. */
class JettySessionTest extends SessionContract implements OnJetty {}
