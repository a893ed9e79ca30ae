package io.geniesession.servlet;

/** Listeners on Tomcat. */
class TomcatListenerTest extends ListenerContract implements OnTomcat {}
