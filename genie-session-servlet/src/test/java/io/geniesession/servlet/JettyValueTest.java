package io.geniesession.servlet;

class JettyValueTest extends ValueContract implements OnJetty {}
