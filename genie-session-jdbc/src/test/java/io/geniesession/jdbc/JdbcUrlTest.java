package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.SessionConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JdbcUrlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://anna:hidden@db.example.com:5432/shop",
                "jdbc:postgresql://db.example.com/shop?user=anna&password=hidden",
                "jdbc:h2:tcp://localhost/~/shop;USER=anna;PASSWORD=hidden",
                "jdbc:h2:mem:shop;PASSWORD=hidden"
            })
    void textHasNoPassword(String url) {
        assertThat(new JdbcUrl(url).toString()).contains("shop").doesNotContain("hidden");
        assertThat(new JdbcUrl(url).text()).contains("hidden");
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:h2:mem:x, true, true",
        "jdbc:h2:file:/x, true, true",
        "jdbc:h2:./x, true, true",
        "jdbc:h2:tcp://localhost/x, true, false",
        "jdbc:h2:ssl://localhost/x, true, false",
        "jdbc:postgresql:x, false, false"
    })
    void kindIsSeen(String text, boolean h2, boolean embedded) {
        JdbcUrl url = new JdbcUrl(text);
        assertThat(url.isH2()).isEqualTo(h2);
        assertThat(url.isEmbedded()).isEqualTo(embedded);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "jdbc:postgresql:shop 1",
                "jdbc:postgresql://one/shop 1",
                "jdbc:postgresql://one:5433,two:5434/shop?options=a,b 2",
                "jdbc:postgresql://one,two,three?user=x,y 3",
                "jdbc:h2:tcp://one,two/shop 1"
            })
    void hostsAreCounted(String text, int hosts) {
        assertThat(new JdbcUrl(text).hosts()).isEqualTo(hosts);
    }

    @Test
    void severalHostsAreShown() {
        assertThat(new JdbcUrl("jdbc:postgresql://one,two:5433/shop?targetServerType=primary&password=hidden"))
                .hasToString("jdbc:postgresql://one,two:5433/shop");
    }

    @ParameterizedTest
    @CsvSource({"jdbc:mysql://hidden/x, mysql", "jdbc:oracle:thin:hidden, oracle", "jdbc:h3:hidden, h3"})
    void otherDatabasesAreRefusedByName(String text, String name) {
        assertThatThrownBy(() -> new JdbcUrl(text))
                .isInstanceOf(SessionConfigException.class)
                .hasMessageContaining("\"" + name + "\"")
                .hasMessageNotContaining("hidden");
    }

    @Test
    void whatIsNoUrlIsNotShown() {
        assertThatThrownBy(() -> new JdbcUrl("hidden"))
                .isInstanceOf(SessionConfigException.class)
                .hasMessageContaining("jdbc:postgresql:")
                .hasMessageNotContaining("hidden");
    }
}
