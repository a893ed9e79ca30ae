package io.geniesession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.geniesession.secretwatch.Secrets;
import io.geniesession.spi.KeySource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Encrypted values, on a store that keeps bytes. */
class EncryptionTest {
    private static final String OLD = "old:" + key(1);
    private static final String NEW = "new:" + key(2);

    private final SettableTime time = new SettableTime();
    private final BytesAdapter store = new BytesAdapter();
    private final List<Sessions> open = new ArrayList<>();
    private final List<String> undecodable = new ArrayList<>();
    private final List<Optional<Object>> ended = new ArrayList<>();

    static String key(int number) {
        byte[] key = new byte[32];
        new Random(number).nextBytes(key);
        Secrets.register(key);
        return Base64.getEncoder().encodeToString(key);
    }

    private Sessions plain() {
        return open(Map.of());
    }

    private Sessions encrypting(String keys, String active) {
        return open(Map.of("keys", keys, "key", active));
    }

    private Sessions open(Map<String, String> encryption) {
        Sessions.Builder builder = builder();
        encryption.forEach((name, value) -> builder.set("genie.session.encryption." + name, value));
        Sessions opened = builder.open();
        open.add(opened);
        return opened;
    }

    private Sessions.Builder builder() {
        return Sessions.builder()
                .adapter(store)
                .clock(time)
                .set("genie.session.sweep", "false")
                .meter(new SessionMeter() {
                    @Override
                    public void undecodable(String attribute) {
                        undecodable.add(attribute);
                    }
                })
                .listener(new SessionListener() {
                    @Override
                    public boolean wantsAttributes() {
                        return true;
                    }

                    @Override
                    public void ended(SessionEnd end) {
                        ended.add(end.get("cart"));
                    }
                });
    }

    @AfterEach
    void close() {
        open.forEach(Sessions::close);
    }

    private static SessionKey stored(Sessions sessions, String name, Object value) {
        Session session = sessions.create().set(name, value);
        session.persist();
        return session.key();
    }

    private static Session load(Sessions sessions, SessionKey key) {
        return sessions.load(key).orElseThrow();
    }

    private String text(SessionKey key, String name) {
        return new String(store.bytesOf(key, name), StandardCharsets.ISO_8859_1);
    }

    @Test
    void valuesAreEncryptedInTheStoreAndReadBack() {
        Sessions sessions = encrypting(OLD, "old");
        SessionKey key = stored(sessions, "cart", List.of(Secrets.CANARY));

        assertThat(text(key, "cart")).startsWith("\u0001\u0003old").doesNotContain(Secrets.CANARY);
        assertThat(load(encrypting(OLD, "old"), key).get("cart")).contains(List.of(Secrets.CANARY));
        assertThat(undecodable).isEmpty();
    }

    @Test
    void whatIsReadAndNotChangedIsNotWritten() {
        Sessions sessions = encrypting(OLD, "old");
        SessionKey key = stored(sessions, "cart", new ArrayList<>(List.of("tea")));

        Session session = load(sessions, key);
        assertThat(session.get("cart")).isPresent();
        assertThat(session.persist()).isEqualTo(PersistOutcome.UNCHANGED);
        assertThat(store.persists).isZero();
    }

    @Test
    @SuppressWarnings("unchecked")
    void changesInPlaceAreFoundAndNothingElseIsWrittenAnew() {
        Sessions sessions = encrypting(OLD, "old");
        SessionKey key = stored(sessions, "cart", new ArrayList<>(List.of("tea")));
        load(sessions, key).set("other", new HashMap<>(Map.of("a", 1))).persist();
        byte[] other = store.bytesOf(key, "other");

        Session session = load(sessions, key);
        session.get("other");
        ((List<String>) session.get("cart").orElseThrow()).add("cake");
        assertThat(session.persist()).isEqualTo(PersistOutcome.SAVED);

        assertThat(load(sessions, key).get("cart")).contains(List.of("tea", "cake"));
        assertThat(store.bytesOf(key, "other")).isEqualTo(other);
        assertThat(session.persist()).as("sealed once").isEqualTo(PersistOutcome.UNCHANGED);
    }

    @Test
    void atomicUpdatesAreEncryptedToo() {
        Sessions sessions = encrypting(OLD, "old");
        SessionKey key = stored(sessions, "count", 1);

        load(sessions, key).update("count", Integer.class, present -> present.map(n -> n + 1));

        assertThat(text(key, "count")).startsWith("\u0001\u0003old");
        assertThat(load(sessions, key).get("count")).contains(2);
    }

    @Test
    void flashValuesAreEncryptedToo() {
        Sessions sessions = encrypting(OLD, "old");
        Session session = sessions.create();
        session.flash().put("notice", Secrets.CANARY);
        session.persist();
        assertThat(load(sessions, session.key()).flash().get("notice")).contains(Secrets.CANARY);
        assertThat(store.anyContains(Secrets.CANARY)).isFalse();
    }

    @Test
    void keysAreChangedWithoutLosingAnything() {
        Sessions first = encrypting(OLD, "old");
        SessionKey key = stored(first, "cart", "tea");
        Sessions prepared = encrypting(NEW + "," + OLD, "old");
        Sessions switched = encrypting(NEW + "," + OLD, "new");

        load(switched, key).set("note", "by the new key").persist();
        assertThat(load(prepared, key).get("note")).contains("by the new key");
        load(prepared, key).set("more", "by the old key").persist();

        Session session = load(switched, key);
        assertThat(session.get("cart")).contains("tea");
        assertThat(session.get("more")).contains("by the old key");
        assertThat(text(key, "cart")).startsWith("\u0001\u0003old");
        session.set("cart", "cake").persist();
        assertThat(text(key, "cart")).startsWith("\u0001\u0003new");
        assertThat(undecodable).isEmpty();
    }

    @Test
    void unencryptedValuesAreReadUntilTheyAreWrittenAnew() {
        SessionKey key = stored(plain(), "cart", "tea");
        Sessions prepared = encrypting(OLD, "none");
        load(prepared, key).set("note", "in clear").persist();
        assertThat(load(plain(), key).get("note")).contains("in clear");

        Sessions sessions = encrypting(OLD, "old");
        Session session = load(sessions, key);
        assertThat(session.get("cart")).contains("tea");
        assertThat(text(key, "cart")).contains("tea");
        session.set("cart", "cake").persist();
        assertThat(text(key, "cart")).startsWith("\u0001\u0003old");
        assertThat(load(prepared, key).get("cart"))
                .as("on a node that still writes in clear")
                .contains("cake");
    }

    @Test
    void unencryptedValuesCanBeRefused() {
        SessionKey key = stored(plain(), "cart", "tea");
        Sessions strict = open(Map.of("keys", OLD, "unencrypted", "refuse"));

        assertThat(load(strict, key).get("cart")).isEmpty();
        assertThat(undecodable).containsExactly("cart");
    }

    @Test
    void whatDoesNotDecryptCountsAsAbsentAndItsBytesStay() {
        Sessions first = encrypting(OLD, "old");
        SessionKey key = stored(first, "cart", "tea");
        byte[] before = store.bytesOf(key, "cart");
        Sessions other = encrypting(NEW, "new");

        Session session = load(other, key);
        assertThat(session.get("cart")).isEmpty();
        assertThat(session.set("note", "n").persist()).isEqualTo(PersistOutcome.SAVED);

        assertThat(undecodable).containsExactly("cart");
        assertThat(store.bytesOf(key, "cart")).isEqualTo(before);
        assertThat(load(encrypting(NEW + "," + OLD, "new"), key).get("cart")).contains("tea");
    }

    @Test
    void whatDoesNotDecryptFailsIfSettingsSaySo() {
        SessionKey key = stored(encrypting(OLD, "old"), "cart", "tea");
        Sessions failing = builder()
                .set("genie.session.undecodable", "fail")
                .set("genie.session.encryption.keys", NEW)
                .open();
        open.add(failing);
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> load(failing, key).get("cart"))
                .withMessageContaining("\"old\"");
    }

    @Test
    void valuesCopiedFromElsewhereCountAsAbsent() {
        Sessions sessions = encrypting(OLD, "old");
        SessionKey admin = stored(sessions, "role", "admin");
        SessionKey mine = stored(sessions, "role", "guest");
        load(sessions, mine).set("name", "eve").persist();
        byte[] name = store.bytesOf(mine, "name");

        store.corrupt(mine, "role", store.bytesOf(admin, "role"));
        assertThat(load(sessions, mine).get("role")).isEmpty();
        store.corrupt(mine, "role", name);
        assertThat(load(sessions, mine).get("role")).isEmpty();
    }

    @Test
    void theKeyOfASessionThatIsShownBeforeItIsStoredIsTheOneThatEncrypts() {
        Sessions sessions = encrypting(OLD, "old");
        Session session = sessions.create().set("cart", "tea");
        store.loseNextAnswer = true;
        assertThatExceptionOfType(SessionStoreException.class).isThrownBy(session::persist);
        session.persist();
        assertThat(load(sessions, session.key()).get("cart")).contains("tea");
    }

    @Test
    void listenersReadEndedSessions() {
        Sessions sessions = encrypting(OLD, "old");
        SessionKey key = stored(sessions, "cart", "tea");
        sessions.end(key);
        SessionKey lost = stored(sessions, "cart", "tea");
        encrypting(NEW, "new").end(lost);

        assertThat(ended).containsExactly(Optional.of("tea"), Optional.empty());
        assertThat(undecodable).containsExactly("cart");
    }

    @Test
    void keysComeFromASource() {
        KeySource source = new KeySource() {
            @Override
            public Map<String, byte[]> encryptionKeys() {
                return Map.of("kms", Base64.getDecoder().decode(key(3)));
            }
        };
        Sessions sessions = builder().keySource(source).open();
        open.add(sessions);
        assertThat(text(stored(sessions, "cart", "tea"), "cart")).startsWith("\u0001\u0003kms");
    }

    @Test
    void keysAreWipedWhenTheSessionsAreClosed() {
        Sessions sessions = encrypting(OLD, "old");
        Session session = load(sessions, stored(sessions, "cart", "tea"));
        sessions.close();
        assertThatExceptionOfType(SessionStoreException.class)
                .isThrownBy(() -> session.set("cart", "cake").persist())
                .withMessageContaining("closed");
        assertThat(load(encrypting(OLD, "old"), session.key()).get("cart")).contains("tea");
    }

    @Test
    void wrongKeysStopTheStart() {
        assertThatExceptionOfType(SessionConfigException.class)
                .isThrownBy(() -> encrypting("short:AAAA", "short"))
                .withMessageContaining("has 3 bytes, but must have 32");
    }
}
