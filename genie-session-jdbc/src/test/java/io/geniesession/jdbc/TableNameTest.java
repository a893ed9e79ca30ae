package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.SessionConfigException;
import io.geniesession.spi.Settings;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How tables are called. */
final class TableNameTest {

    private static final String APPLICATION = "genie.session.application";

    private static TableName named(String... settings) {
        return TableName.of(Settings.of(
                settings.length == 2
                        ? Map.of(settings[0], settings[1])
                        : Map.of(settings[0], settings[1], settings[2], settings[3])));
    }

    @Test
    void namesAreQuotedAsTheDatabaseFoldsThem() {
        String statement = "SELECT {value} FROM {session}, {index}, {former}, {meta}";
        assertThat(new TableName(Optional.empty(), "web").in(statement, true))
                .isEqualTo("SELECT \"VALUE\" FROM \"WEB\", \"WEB_INDEX\", \"WEB_FORMER\", \"WEB_META\"");
        assertThat(new TableName(Optional.of("shop"), "web").in(statement, false))
                .isEqualTo("SELECT \"value\" FROM \"shop\".\"web\", \"shop\".\"web_index\", \"shop\".\"web_former\","
                        + " \"shop\".\"web_meta\"");
    }

    @Test
    void applicationIsPartOfTheNameUnlessThatIsGiven() {
        assertThat(named(JdbcSettings.SCHEMA.name(), "shop")).hasToString("shop.genie_session");
        assertThat(named(APPLICATION, "Back-Office")).hasToString("genie_session_back_office");
        assertThat(named(APPLICATION, "Back-Office", JdbcSettings.TABLE_PREFIX.name(), "web"))
                .hasToString("web");
    }

    @Test
    void longestNameIsThatOfTheLongestIndex() {
        assertThat(named(APPLICATION, "a".repeat(34)).prefix()).hasSize(48);
        assertThatThrownBy(() -> named(APPLICATION, "a".repeat(35)))
                .isInstanceOf(SessionConfigException.class)
                .hasMessageContaining("too long")
                .hasMessageContaining(JdbcSettings.TABLE_PREFIX.name());
    }

    @Test
    void nothingElseBecomesAName() {
        assertThatThrownBy(() -> new TableName(Optional.of("a\"b"), "web"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TableName(Optional.empty(), "1a")).isInstanceOf(IllegalArgumentException.class);
    }
}
