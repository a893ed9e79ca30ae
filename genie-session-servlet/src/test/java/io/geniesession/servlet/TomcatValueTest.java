package io.geniesession.servlet;

class TomcatValueTest extends ValueContract implements OnTomcat {}
