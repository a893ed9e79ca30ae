/**
 * Keeps sessions in a table of a relational database: an embedded H2 file when nothing is configured, H2 in memory or
 * as a server, or PostgreSQL, which any number of nodes may share. The table holds digests of session ids only, so its
 * contents open no session.
 */
@NullMarked
package io.geniesession.jdbc;

import org.jspecify.annotations.NullMarked;
