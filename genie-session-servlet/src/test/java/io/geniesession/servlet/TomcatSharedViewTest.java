package io.geniesession.servlet;

/** Requests that share a view, on Tomcat. */
class TomcatSharedViewTest extends SharedViewHttpContract implements OnTomcat {}
