package io.geniesession.servlet;

/** What Jakarta Servlet 6.1 added, on Tomcat. */
class TomcatServlet61Test extends Servlet61Contract implements OnTomcat {}
