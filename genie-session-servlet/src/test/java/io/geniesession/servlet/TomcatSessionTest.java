package io.geniesession.servlet;

/** Sessions on Tomcat. */
class TomcatSessionTest extends SessionContract implements OnTomcat {}
