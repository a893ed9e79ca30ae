package io.geniesession.secretwatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SecretsTest {
    private final byte[] secret = new byte[32];

    @BeforeAll
    static void listen() {
        Secrets.listenToRandomNumbers();
    }

    SecretsTest() {
        new SecureRandom().nextBytes(secret);
    }

    @Test
    void secretsAreFoundInEachForm() {
        String url = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        String plain = Base64.getEncoder().encodeToString(secret);
        assertThat(Secrets.in("Cookie: a=b; __geniesid=" + url + "; c=d")).hasSize(1);
        assertThat(Secrets.in("in a path/" + url)).hasSize(1);
        assertThat(Secrets.in("k1:" + plain)).hasSize(1);
        assertThat(Secrets.in("the beginning " + url.substring(0, 11) + "…")).hasSize(1);
        assertThat(Secrets.in("0x" + HexFormat.of().formatHex(secret))).isNotEmpty();
        assertThat(Secrets.in("cart=" + Secrets.CANARY + "-tea")).hasSize(1);
    }

    @Test
    void otherTextsAreNot() {
        byte[] other = new byte[33];
        new SecureRandom().nextBytes(other);
        String url = Base64.getUrlEncoder().encodeToString(other);
        assertThat(Secrets.in(url)).isEmpty();
        assertThat(Secrets.in("io.geniesession.SessionStoreException: The store does not answer"))
                .isEmpty();
        assertThat(Secrets.in(Base64.getUrlEncoder().encodeToString(secret).substring(2, 20)))
                .isEmpty();
    }

    @Test
    void whatIsFoundIsNotShownInFull() {
        String url = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        assertThat(Secrets.in(url).toString()).doesNotContain(url.substring(0, 11));
    }
}
