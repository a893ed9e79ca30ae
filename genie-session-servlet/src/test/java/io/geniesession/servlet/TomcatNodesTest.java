package io.geniesession.servlet;

class TomcatNodesTest extends NodesContract implements OnTomcat {}
