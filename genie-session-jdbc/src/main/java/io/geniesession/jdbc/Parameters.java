package io.geniesession.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sets the parameters of one statement in the order in which they appear. Used by one thread. */
final class Parameters {

    private final PreparedStatement statement;
    private int position;

    Parameters(PreparedStatement statement) {
        this.statement = statement;
    }

    Parameters number(long value) throws SQLException {
        statement.setLong(++position, value);
        return this;
    }

    Parameters number(@Nullable Long value) throws SQLException {
        if (value == null) {
            statement.setNull(++position, Types.BIGINT);
            return this;
        }
        return number(value.longValue());
    }

    Parameters flag(boolean value) throws SQLException {
        statement.setBoolean(++position, value);
        return this;
    }

    Parameters bytes(byte @Nullable [] value) throws SQLException {
        statement.setBytes(++position, value);
        return this;
    }

    /** One for each slot, NULL if it is free. */
    Parameters slots(byte[][] slots) throws SQLException {
        for (byte[] slot : slots) {
            bytes(slot.length == 0 ? null : slot);
        }
        return this;
    }

    Parameters text(@Nullable String value) throws SQLException {
        statement.setString(++position, value);
        return this;
    }

    Parameters key(UUID value) throws SQLException {
        statement.setObject(++position, value);
        return this;
    }

    /** An array of texts, which may be null. */
    Parameters texts(String type, List<@Nullable String> values) throws SQLException {
        return array(type, values.toArray(String[]::new));
    }

    Parameters keys(Collection<UUID> values) throws SQLException {
        return array("uuid", values.toArray(UUID[]::new));
    }

    /** An array whose elements may be null. Drivers know their way best with arrays of the exact type. */
    <T> Parameters array(String type, @Nullable T[] values) throws SQLException {
        statement.setArray(++position, statement.getConnection().createArrayOf(type, values));
        return this;
    }
}
