package io.geniesession.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class HtmlTest {

    @Test
    void textIsEscaped() {
        assertThat(Html.of("<p title=\"{}\">{}</p>", "\"'", "<&>").markup())
                .isEqualTo("<p title=\"&quot;&#39;\">&lt;&amp;&gt;</p>");
    }

    @Test
    void htmlIsNot() {
        assertThat(Html.of("<ul>{}</ul>", List.of(Html.of("<li>{}</li>", 1), Html.of("<li>{}</li>", "<")))
                        .markup())
                .isEqualTo("<ul><li>1</li><li>&lt;</li></ul>");
    }

    @Test
    void bracesInTextStayText() {
        assertThat(Html.of("{}{}", "{}", "x").markup()).isEqualTo("{}x");
    }

    @Test
    void numberOfValuesMustFit() {
        assertThatIllegalArgumentException().isThrownBy(() -> Html.of("{}", "a", "b"));
        assertThatIllegalArgumentException().isThrownBy(() -> Html.of("{}{}", "a"));
    }
}
