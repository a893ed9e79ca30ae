package io.geniesession.servlet;

class JettyNodesTest extends NodesContract implements OnJetty {}
