package io.geniesession.servlet;

/** Load on Tomcat. */
class TomcatLoadTest extends LoadContract implements OnTomcat {}
