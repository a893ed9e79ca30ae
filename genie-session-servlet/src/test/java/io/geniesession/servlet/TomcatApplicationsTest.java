package io.geniesession.servlet;

/** Several applications on Tomcat. */
class TomcatApplicationsTest extends ApplicationsContract implements OnTomcat {}
