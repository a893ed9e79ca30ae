package io.geniesession.servlet;

/** Requests that share a view, on Jetty. */
class JettySharedViewTest extends SharedViewHttpContract implements OnJetty {}
