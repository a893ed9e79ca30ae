package io.geniesession;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SessionIdTest {
    @Test
    void textOfAnIdIsReadAsTheSameId() {
        for (int i = 0; i < 1_000; i++) {
            SessionId id = SessionId.generate();
            assertThat(SessionId.parse(id.value()))
                    .contains(id)
                    .hasValueSatisfying(read -> assertThat(read).hasSameHashCodeAs(id));
        }
    }

    @Test
    void everyFormOfBase64urlWithoutStrayBitsIsReadAndNoOther() {
        Random random = new Random(7);
        byte[] bytes = new byte[32];
        for (int i = 0; i < 1_000; i++) {
            random.nextBytes(bytes);
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            assertThat(SessionId.parse(text).orElseThrow().value()).isEqualTo(text);
            char last = text.charAt(42);
            String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            for (int stray = 1; stray < 4; stray++) {
                char other = alphabet.charAt(alphabet.indexOf(last) | stray);
                assertThat(SessionId.parse(text.substring(0, 42) + other)).isEmpty();
            }
        }
    }

    @Test
    void malformedTextIsNoId() {
        String good = SessionId.generate().value();
        for (String bad : new String[] {
            "",
            good + "A",
            good.substring(1),
            " " + good.substring(1),
            "+" + good.substring(1),
            "/" + good.substring(1),
            good.substring(1) + "=",
            "ä" + good.substring(1),
            "\0" + good.substring(1),
            "\uff21" + good.substring(1)
        }) {
            assertThat(SessionId.parse(bad)).isEmpty();
        }
    }

    @Test
    void foreignCharacterIsRefusedAtEveryPosition() {
        String good = SessionId.generate().value();
        for (int at = 0; at < good.length(); at++) {
            for (String foreign : new String[] {"+", "/", "=", " ", "\0", "\u007f", "\u0080", "\u0141", "\uff21"}) {
                String bad = good.substring(0, at) + foreign + good.substring(at + 1);
                assertThat(SessionId.parse(bad)).as("position %d", at).isEmpty();
            }
        }
    }

    @Test
    void publicIdIsTheDigestAndPrintsInsteadOfTheSecret() throws Exception {
        SessionId id = SessionId.generate();
        byte[] secret = Base64.getUrlDecoder().decode(id.value());
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret);
        assertThat(id.digest()).isEqualTo(digest);
        assertThat(id.publicId())
                .isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
        assertThat(id.toString()).contains(id.publicId()).doesNotContain(id.value());
    }

    @Test
    void digestIsACopy() {
        SessionId id = SessionId.generate();
        id.digest()[0] ^= 1;
        assertThat(id.digest()).isEqualTo(Base64.getUrlDecoder().decode(id.publicId()));
    }

    @Test
    void idsDifferInEveryPart() {
        Set<String> parts = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            String value = SessionId.generate().value();
            for (int part = 0; part < 4; part++) {
                parts.add(part + value.substring(part * 10, part * 10 + 10));
            }
        }
        assertThat(parts).hasSize(4_000);
    }

    @Test
    void hashCodesSpread() {
        assertThat(Stream.generate(SessionId::generate)
                        .limit(100)
                        .map(SessionId::hashCode)
                        .distinct())
                .hasSizeGreaterThan(90);
    }

    @Test
    void idsThatDifferInOneBitAreNotEqual() {
        byte[] bytes = new byte[32];
        SessionId zero = idOf(bytes);
        for (int bit = 0; bit < 256; bit++) {
            byte[] other = new byte[32];
            other[bit / 8] = (byte) (1 << (bit % 8));
            assertThat(idOf(other)).isNotEqualTo(zero);
        }
    }

    private static SessionId idOf(byte[] bytes) {
        return SessionId.parse(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes))
                .orElseThrow();
    }
}
