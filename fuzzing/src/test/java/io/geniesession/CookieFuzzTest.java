package io.geniesession;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.geniesession.internal.CookieHeader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whatever a client sends as {@code Cookie} is a number of values, none of them an id that has another spelling. */
class CookieFuzzTest {
    private static final String NAME = "__geniesid";
    private static final int LIMIT = 8;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]");
    private static final String VALID = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    @FuzzTest(maxDuration = "5m")
    void anyHeader(byte[] header) {
        List<String> lines = List.of(new String(header, StandardCharsets.ISO_8859_1).split("\n", -1));
        List<String> values = CookieHeader.values(lines, NAME, LIMIT);
        assertThat(values).hasSizeLessThanOrEqualTo(LIMIT);
        for (String value : values) {
            assertThat(value.indexOf(';')).isNegative();
            assertThat(value.chars().anyMatch(Character::isISOControl)).isFalse();
            checkId(value);
        }
        // A cookie that stands first is the first value, whatever comes after it.
        assertThat(CookieHeader.values(List.of(NAME + "=" + VALID + "; " + lines.get(0)), NAME, LIMIT))
                .startsWith(VALID);
    }

    @FuzzTest(maxDuration = "5m")
    void anyId(byte[] text) {
        checkId(new String(text, StandardCharsets.UTF_8));
    }

    private static void checkId(String text) {
        Optional<SessionId> id = SessionId.parse(text);
        assertThat(id.isPresent()).isEqualTo(ID.matcher(text).matches());
        id.ifPresent(parsed -> {
            assertThat(parsed.value()).isEqualTo(text);
            assertThat(parsed.toString()).doesNotContain(text);
            assertThat(SessionId.parse(parsed.publicId())).isPresent();
        });
    }
}
