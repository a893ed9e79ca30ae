package io.geniesession.servlet;

/** Dispatches and commits on Jetty. */
class JettyDispatchTest extends DispatchContract implements OnJetty {}
