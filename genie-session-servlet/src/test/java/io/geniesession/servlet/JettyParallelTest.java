package io.geniesession.servlet;

/** Requests at the same time on Jetty. */
class JettyParallelTest extends ParallelContract implements OnJetty {}
