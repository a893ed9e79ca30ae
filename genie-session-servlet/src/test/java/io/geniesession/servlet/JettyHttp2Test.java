package io.geniesession.servlet;

/** Sessions over HTTP/2 on Jetty. */
class JettyHttp2Test extends Http2Contract implements OnJetty {}
