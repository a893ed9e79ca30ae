package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.geniesession.PersistOutcome;
import io.geniesession.Session;
import io.geniesession.SessionCodecException;
import io.geniesession.SessionId;
import io.geniesession.Sessions;
import io.geniesession.tck.SettableClock;
import io.geniesession.tck.TestExchange;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two versions of an application share a table for a while. Each has classes of its own: one is the same in both, one was
 * changed so that neither reads what the other wrote, and one is new.
 */
abstract class RollingDeployContract {

    private static final String SAME =
            "package shop; public record Item(String name) implements java.io.Serializable {}";
    private static final String OLD = """
            package shop;
            public final class Cart implements java.io.Serializable {
              private static final long serialVersionUID = 1;
              private final int count = 3;
              @Override public String toString() { return "old " + count; }
            }
            """;
    private static final String CHANGED = """
            package shop;
            public final class Cart implements java.io.Serializable {
              private static final long serialVersionUID = 2;
              private final String[] items = {"tea"};
              @Override public String toString() { return "new " + items[0]; }
            }
            """;
    private static final String ADDED = """
            package shop;
            public enum Voucher { TEN_PERCENT }
            """;

    @TempDir
    private static Path folder;

    private final SettableClock clock = SettableClock.at(START);
    private TestDatabase database;
    private Version before;
    private Version after;

    abstract TestDatabase open();

    /** An application with its classes and its node. */
    private final class Version implements AutoCloseable {
        private final URLClassLoader classes;
        private final Sessions node;

        Version(String name) throws IOException {
            classes = new URLClassLoader(
                    new URL[] {folder.resolve(name).toUri().toURL()}, RollingDeployContract.class.getClassLoader());
            node = node("absent");
        }

        Sessions node(String undecodable) {
            Sessions.Builder builder = Sessions.builder()
                    .adapter(new JdbcSessionAdapterProvider())
                    .clock(clock)
                    .classLoader(classes)
                    .set("genie.session.types", "shop.**")
                    .set("genie.session.undecodable", undecodable)
                    .set("genie.session.sweep", "false");
            database.settings().forEach(builder::set);
            return builder.open();
        }

        Object make(String type) throws ReflectiveOperationException {
            Class<?> found = classes.loadClass("shop." + type);
            return switch (type) {
                case "Item" -> found.getConstructor(String.class).newInstance("pot");
                case "Cart" -> found.getConstructor().newInstance();
                default -> found.getEnumConstants()[0];
            };
        }

        Session load(SessionId id) {
            return node.load(id).orElseThrow();
        }

        String text(SessionId id, String name) {
            return load(id).get(name).map(Object::toString).orElse("absent");
        }

        @Override
        public void close() throws IOException {
            node.close();
            classes.close();
        }
    }

    @BeforeAll
    static void compile() throws IOException {
        compile("before", Map.of("Item", SAME, "Cart", OLD));
        compile("after", Map.of("Item", SAME, "Cart", CHANGED, "Voucher", ADDED));
    }

    private static void compile(String name, Map<String, String> sources) throws IOException {
        Path home = Files.createDirectories(folder.resolve(name));
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", home.toString()));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = home.resolve(source.getKey() + ".java");
            arguments.add(Files.writeString(file, source.getValue()).toString());
        }
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0])))
                .isZero();
    }

    @BeforeEach
    void deploy() throws IOException {
        database = open();
        before = new Version("before");
        after = new Version("after");
    }

    @AfterEach
    void undeploy() throws IOException {
        before.close();
        after.close();
        database.checkNothingLeaked();
        database.close();
    }

    private static SessionId stored(Version version) throws ReflectiveOperationException {
        TestExchange exchange = new TestExchange();
        version.node
                .start(exchange)
                .set("item", version.make("Item"))
                .set("cart", version.make("Cart"))
                .set("name", "anna")
                .setIndex("principal", "anna")
                .persist();
        return SessionId.parse(exchange.next().cookies("__geniesid").get(0)).orElseThrow();
    }

    @Test
    void eachReadsWhatItCanAndLosesNothingOfTheOther() throws Exception {
        SessionId id = stored(before);
        assertThat(after.text(id, "name")).isEqualTo("anna");
        assertThat(after.text(id, "item")).isEqualTo("Item[name=pot]");
        assertThat(after.text(id, "cart")).isEqualTo("absent");

        // Enough for the log to be rewritten several times by the one that does not understand the cart.
        for (int i = 0; i < 200; i++) {
            String text = "later ".repeat(100) + i;
            assertThat(after.load(id).set("name", text).persist()).isEqualTo(PersistOutcome.SAVED);
        }
        assertThat(after.load(id).set("voucher", after.make("Voucher")).persist())
                .isEqualTo(PersistOutcome.SAVED);

        assertThat(before.text(id, "cart")).isEqualTo("old 3");
        assertThat(before.text(id, "name")).endsWith(" 199");
        assertThat(before.text(id, "voucher")).isEqualTo("absent");
        assertThat(before.load(id).set("item", before.make("Item")).persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(after.text(id, "voucher")).isEqualTo("TEN_PERCENT");
        assertThat(before.load(id).names()).contains("cart", "voucher");
        assertThat(after.node.ofPrincipal("anna")).hasSize(1);
    }

    @Test
    void valueThatOneVersionReplacesIsThatOfTheLastWriter() throws Exception {
        SessionId id = stored(before);
        assertThat(after.load(id).set("cart", after.make("Cart")).persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(after.text(id, "cart")).isEqualTo("new tea");
        assertThat(before.text(id, "cart")).isEqualTo("absent");
        assertThat(before.load(id).unset("cart").persist()).isEqualTo(PersistOutcome.SAVED);
        assertThat(after.load(id).names()).doesNotContain("cart");
    }

    @Test
    void renewalAndStrictPersistsOfTheOneThatDoesNotUnderstandKeepTheBytes() throws Exception {
        SessionId id = stored(before);
        TestExchange exchange = new TestExchange().withCookie("__geniesid", id.value());
        Session session = after.node.start(exchange);
        assertThat(session.get("cart")).isEmpty();
        session.setIndex("principal", "berta").set("name", "berta").persistStrictly();
        SessionId renewed =
                SessionId.parse(exchange.next().cookies("__geniesid").get(0)).orElseThrow();
        assertThat(before.node.load(id)).isEmpty();
        assertThat(before.text(renewed, "cart")).isEqualTo("old 3");
        assertThat(before.text(renewed, "name")).isEqualTo("berta");
    }

    @Test
    void policyToFailConcernsThatAttributeAlone() throws Exception {
        SessionId id = stored(before);
        try (Sessions strict = after.node("fail")) {
            Session session = strict.load(id).orElseThrow();
            assertThat(session.get("name")).contains("anna");
            assertThatThrownBy(() -> session.get("cart"))
                    .isInstanceOf(SessionCodecException.class)
                    .hasMessageContaining("\"cart\"");
            assertThat(session.set("name", "berta").persist()).isEqualTo(PersistOutcome.SAVED);
        }
        assertThat(before.text(id, "cart")).isEqualTo("old 3");
    }

    /** Requests of one session on both versions at the same time, each with a key of its own. */
    @Test
    void bothWriteAtTheSameTimeAndBothAreKept() throws Exception {
        SessionId id = stored(before);
        List<Session> sessions = IntStream.range(0, 10)
                .mapToObj(i -> (i % 2 == 0 ? before : after).load(id))
                .toList();
        for (int i = 0; i < sessions.size(); i++) {
            Object value = (i % 2 == 0 ? before : after).make("Cart");
            assertThat(sessions.get(i).set("cart" + i, value).persist()).isEqualTo(PersistOutcome.SAVED);
        }
        for (int i = 0; i < sessions.size(); i++) {
            assertThat((i % 2 == 0 ? before : after).text(id, "cart" + i)).isEqualTo(i % 2 == 0 ? "old 3" : "new tea");
            assertThat((i % 2 == 0 ? after : before).text(id, "cart" + i)).isEqualTo("absent");
        }
    }
}
