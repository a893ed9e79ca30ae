/** Starts applications as processes and uses them as somebody with a browser does. */
package io.geniesession.applications;
