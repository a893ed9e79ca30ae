package io.geniesession.servlet;

/** Requests at the same time on Tomcat. */
class TomcatParallelTest extends ParallelContract implements OnTomcat {}
