package io.geniesession.servlet;

/** Dispatches and commits on Tomcat. */
class TomcatDispatchTest extends DispatchContract implements OnTomcat {}
