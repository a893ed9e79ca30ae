package io.geniesession.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.Exchange;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CookieHeaderTest {

    private static List<String> values(String... lines) {
        return CookieHeader.values(List.of(lines), "sid", 4);
    }

    @Test
    void valuesOfTheNameAreReturnedInOrderOfAllLines() {
        assertThat(values("sid=a; other=x; sid=b", "sid=c")).containsExactly("a", "b", "c");
    }

    @Test
    void exchangeOffersItToBindings() {
        assertThat(Exchange.cookies(List.of("sid=a; other=x", "sid=b"), "sid")).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sid=a",
                " sid = a ",
                "sid=\"a\"",
                ";;sid=a;",
                "x;sid=a",
                "x=1;sid=a;y=2",
                "\tsid\t=\ta\t",
                "sid=a;sid",
                "=b; sid=a",
                "sidx=b; xsid=b; SID=b; sid=a"
            })
    void valueIsFoundWhateverStandsAroundIt(String line) {
        assertThat(values(line)).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";", "=", "sid", "sid;=a", "SID=a", "sidd=a", "x=sid=a", "sid=a\u0000b", "si d=a"})
    void nothingIsFoundWhereTheNameHasNoValue(String line) {
        assertThat(values(line)).isEmpty();
    }

    @Test
    void valueMayHoldEqualsSignsLoneQuotesOrNothing() {
        assertThat(values("sid=a=b==")).containsExactly("a=b==");
        assertThat(values("sid=\"")).containsExactly("\"");
        assertThat(values("sid=\"a")).containsExactly("\"a");
        assertThat(values("sid=")).containsExactly("");
        assertThat(values("sid=\"\"")).containsExactly("");
    }

    @Test
    void atMostTheLimitIsReturned() {
        assertThat(values("sid=1; sid=2; sid=3", "sid=4; sid=5", "sid=6")).containsExactly("1", "2", "3", "4");
        assertThat(CookieHeader.values(List.of("sid=1"), "sid", 0)).isEmpty();
    }

    @Test
    void workIsBoundedOverAllLines() {
        String filler = "x=" + "y".repeat(65_536 - 2 - 7) + ";";
        assertThat(values(filler + "sid=a;", "sid=b")).containsExactly("a");
        assertThat(values(filler, "sid=a;", "sid=b")).containsExactly("a");
        assertThat(CookieHeader.values(Collections.nCopies(100, "x".repeat(65_536)), "sid", 4))
                .isEmpty();
    }

    @Test
    void lineOfExactlyAsManyCharactersAsTheBoundIsReadToItsEnd() {
        String filler = "x=" + "y".repeat(65_536 - 3 - 5) + ";";
        assertThat(values(filler + "sid=a")).containsExactly("a");
    }

    @Test
    void valueThatIsCutOffByTheBoundIsNoValue() {
        String filler = "x=" + "y".repeat(65_536 - 3 - 6) + ";";
        assertThat(values(filler + "sid=abc;sid=d")).isEmpty();
        assertThat(values(filler.substring(2) + "sid=abc;sid=d")).containsExactly("abc");
    }
}
