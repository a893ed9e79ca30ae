package io.geniesession.servlet;

/** Listeners on Jetty. */
class JettyListenerTest extends ListenerContract implements OnJetty {}
