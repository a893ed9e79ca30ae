package io.geniesession.servlet;

/** Sessions over HTTP/2 on Tomcat. */
class TomcatHttp2Test extends Http2Contract implements OnTomcat {}
