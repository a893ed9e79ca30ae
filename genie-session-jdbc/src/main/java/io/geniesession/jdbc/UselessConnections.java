package io.geniesession.jdbc;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Drops connections that will never do again what they are for, although they look alive: to a server that takes no changes any
 * more, as the next ones lead to whoever is the primary now; and to an embedded database that was closed because its file could
 * not be written, as the next one opens it again. Immutable.
 */
final class UselessConnections implements SQLExceptionOverride {

    @java.lang.Override
    public SQLExceptionOverride.Override adjudicate(SQLException e) {
        return SqlErrors.isReadOnly(e) || SqlErrors.isH2Broken(e)
                ? SQLExceptionOverride.Override.MUST_EVICT
                : SQLExceptionOverride.Override.CONTINUE_EVICT;
    }
}
