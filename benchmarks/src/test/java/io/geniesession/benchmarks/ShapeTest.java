package io.geniesession.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeTest {
    @Test
    @DisplayName("a shape is read from its text")
    void shapeIsRead() {
        assertThat(Shape.parse("50x200")).isEqualTo(new Shape(50, 200));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "10x", "x100", "0x100", "10x0", "-1x5", "10X100", "10x100x2", "ten x 100"})
    @DisplayName("what is no shape is refused with an example")
    void otherTextIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shape.parse(text))
                .withMessageContaining("10x100")
                .withMessageContaining("\"" + text + "\"");
    }

    @Test
    @DisplayName("names and texts are as many, as long and as different as the shape says, and the same each time")
    void textsFollowShape() {
        Shape shape = new Shape(3, 40);

        assertThat(shape.names()).containsExactly("attribute0", "attribute1", "attribute2");
        assertThat(shape.texts(50)).hasSize(50).doesNotHaveDuplicates().allMatch(text -> text.matches("[!-~]{40}"));
        assertThat(shape.texts(50)).isEqualTo(shape.texts(50));
    }
}
