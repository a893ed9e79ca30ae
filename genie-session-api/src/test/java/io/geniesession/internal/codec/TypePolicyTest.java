package io.geniesession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.geniesession.SessionConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypePolicyTest {
    @ParameterizedTest
    @CsvSource({
        "com.shop.**, com.shop.Cart, true",
        "com.shop.**, com.shop.order.Line, true",
        "com.shop.**, com.shopping.Cart, false",
        "com.shop.**, com.shop, false",
        "com.shop.**, org.com.shop.Cart, false",
        "com.shop.**, [Lcom.shop.Cart;, true",
        "com.shop.**, [[[Lcom.shop.Cart;, true",
        "com.shop.*, com.shop.Cart, true",
        "com.shop.*, com.shop.Cart$Line, true",
        "com.shop.*, com.shop.order.Line, false",
        "com.shop.Cart, com.shop.Cart, true",
        "com.shop.Cart, com.shop.Cart$Line, true",
        "com.shop.Cart, com.shop.Cart$Line$Part, true",
        "com.shop.Cart, com.shop.Cart2, false",
        "com.shop.Cart, com.shop.Cart.Line, false",
        "com.shop.Cart$Line, com.shop.Cart$Line, true",
        "com.shop.Cart$Line, com.shop.Cart, false",
        "Cart, Cart, true",
        "Cart, Cart2, false",
        " com.shop.Cart , com.shop.Cart, true",
        "com.shop.*, '', false",
        "com.shop.*, '[', false",
        "com.shop.*, '[[', false",
        "com.shop.*, '[L;', false",
        "com.shop.*, '[I', true",
        "com.shop.*, '[[J', true",
        "com.shop.*, '[X', false",
        "com.shop.*, java.util.ArrayList, true",
        "com.shop.*, java.util.ArrayList$SubList, false",
        "com.shop.*, javax.management.BadAttributeValueExpException, false",
        "com.shop.*, java.lang.invoke.SerializedLambda, false",
        "com.shop.*, java.net.URL, false",
        "java.util.SimpleTimeZone, java.util.SimpleTimeZone, true",
    })
    void patternsDecide(String pattern, String className, boolean allowed) {
        TypePolicy policy = new TypePolicy(List.of(pattern), TypePolicy.Mode.ENFORCE);
        assertThat(policy.allows(className)).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "**",
                ".*",
                ".**",
                "com..shop",
                "com.shop.",
                ".com.shop",
                "com.*.Cart",
                "com.shop.***",
                "com.shop.Ca*",
                "!com.shop.Cart",
                "com/shop/Cart",
                "com.shop.Cart;",
                "com.shop Cart",
                "1com.shop.*",
            })
    void malformedPatternIsNamed(String pattern) {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> new TypePolicy(List.of("com.ok.*", pattern), TypePolicy.Mode.ENFORCE))
                .withMessageContaining("genie.session.types")
                .withMessageContaining("\"" + pattern + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"java.**", "java.util.*", "javax.**", "jdk.**", "sun.**", "com.**", "com.sun.**"})
    void packageOfTheJdkIsRefused(String pattern) {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> new TypePolicy(List.of(pattern), TypePolicy.Mode.ENFORCE))
                .withMessageContaining("\"" + pattern + "\"")
                .withMessageContaining("one by one");
    }

    @Test
    void packagesThatOnlyBeginLikeTheJdkAreFine() {
        TypePolicy policy = new TypePolicy(List.of("javafoo.**", "com.sunrise.*"), TypePolicy.Mode.ENFORCE);
        assertThat(policy.allows("javafoo.Bar")).isTrue();
        assertThat(policy.allows("com.sunrise.Bar")).isTrue();
    }
}
