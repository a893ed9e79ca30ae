package io.geniesession.servlet;

/** Load on Jetty. */
class JettyLoadTest extends LoadContract implements OnJetty {}
