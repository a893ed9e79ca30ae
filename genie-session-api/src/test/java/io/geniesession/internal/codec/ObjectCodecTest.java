package io.geniesession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.geniesession.SessionCodecException;
import io.geniesession.internal.codec.listed.Cart;
import io.geniesession.internal.codec.listed.Stand;
import io.geniesession.internal.codec.unlisted.Initialised;
import io.geniesession.internal.codec.unlisted.Stranger;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.Serializable;
import java.io.StringWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ObjectCodecTest {
    private static final String UNLISTED = "io.geniesession.internal.codec.unlisted.";

    private final ValueCodec codec = ValueCodecTest.codec(1 << 20);

    /** Values and the name of their class, or of what the array is made of. */
    static List<Arguments> strangers() {
        return List.of(
                Arguments.of(new Stranger(), UNLISTED + "Stranger"),
                Arguments.of(new Stranger.OfRecord(1), UNLISTED + "Stranger$OfRecord"),
                Arguments.of(Stranger.OfEnum.ONE, UNLISTED + "Stranger$OfEnum"),
                Arguments.of(new Stranger[0], UNLISTED + "Stranger"),
                Arguments.of(new Stranger.OfRecord[1][1], UNLISTED + "Stranger$OfRecord"));
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void classThatIsNotListedIsRefusedWhenWritten(Object stranger, String type) {
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.encode("cart", stranger))
                .withMessageContaining("\"cart\"")
                .withMessageContaining("class " + type)
                .withMessageContaining("not on the allow-list")
                .withMessageContaining("genie.session.types=" + type + " (or ")
                .satisfies(e -> assertThat(e.attribute()).contains("cart"))
                .satisfies(e -> assertThat(e.type()).contains(type));
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void classThatIsNotListedIsRefusedInsideOneThatIs(Object stranger, String type) {
        for (Object outer : List.of(new Cart("a", stranger), new Cart(new HashMap<>(Map.of("k", stranger))))) {
            assertThatExceptionOfType(SessionCodecException.class)
                    .isThrownBy(() -> codec.encode("cart", outer))
                    .withMessageContaining("part of a value of class " + Cart.class.getName())
                    .satisfies(e -> assertThat(e.type()).contains(type));
        }
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.encode("cart", new ArrayList<>(List.of(stranger))))
                .satisfies(e -> assertThat(e.type()).contains(type));
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void classThatIsNotListedIsRefusedWhenRead(Object stranger, String type) throws Exception {
        byte[] stored = tagged(serialized(new Cart("a", stranger)));
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.decode("cart", stored))
                .withMessageStartingWith("Attribute \"cart\" cannot be read back: class ")
                .withMessageContaining("not on the allow-list")
                .satisfies(e -> assertThat(e.type()).contains(type));
    }

    @Test
    void classThatIsNotListedIsNeverInitialised() throws Exception {
        byte[] stored = tagged(streamOf(UNLISTED + "Gadget"));
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.decode("a", stored))
                .satisfies(e -> assertThat(e.type()).contains(UNLISTED + "Gadget"));
        assertThat(Initialised.happened).isFalse();

        // The same bytes under a list that has the class: so they are what they seem, and the flag works.
        ValueCodec trusting = new ValueCodec(
                new TypePolicy(List.of(UNLISTED + "*"), TypePolicy.Mode.ENFORCE),
                getClass().getClassLoader(),
                1_000);
        assertThat(trusting.decode("a", stored).getClass().getName()).isEqualTo(UNLISTED + "Gadget");
        assertThat(Initialised.happened).isTrue();
    }

    @ParameterizedTest
    @MethodSource("io.geniesession.internal.codec.ValueCodecTest#values")
    void whatTheJdkOffersNeedsNoListInsideAnObjectEither(Object value) {
        if (value instanceof Serializable) {
            Cart cart = new Cart("a", value);
            assertThat(codec.decode("a", codec.encode("a", cart))).isEqualTo(cart);
        }
    }

    @Test
    void lambdaIsRefused() {
        Supplier<String> lambda = (Supplier<String> & Serializable) () -> "x";
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.encode("a", lambda))
                .satisfies(e -> assertThat(e.type()).contains("java.lang.invoke.SerializedLambda"));
    }

    @Test
    void exceptionOfTheApplicationNeedsNothingButItselfOnTheList() {
        Cart.Refused refused = new Cart.Refused("no", new RuntimeException("why"));
        refused.addSuppressed(new Cart.Refused("and no", null));

        Cart.Refused read = (Cart.Refused) codec.decode("failure", codec.encode("failure", refused));

        assertThat(trace(read)).isEqualTo(trace(refused));
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.encode("failure", new Cart.Refused("no", new UnlistedException())))
                .satisfies(e -> assertThat(e.type()).contains(UnlistedException.class.getName()));
    }

    /** Somebody else's. */
    private static final class UnlistedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void proxyNeedsAllItsInterfacesOnTheList() throws Exception {
        Object proxy = Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Stranger.OfProxy.class}, new Handled());
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.encode("a", proxy))
                .satisfies(e -> assertThat(e.type()).contains(Stranger.OfProxy.class.getName()));
        byte[] stored = tagged(serialized((Serializable) proxy));
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.decode("a", stored))
                .satisfies(e -> assertThat(e.type()).contains(Stranger.OfProxy.class.getName()));

        TypePolicy policy = new TypePolicy(
                List.of(UNLISTED + "**", "io.geniesession.internal.codec.ObjectCodecTest"), TypePolicy.Mode.ENFORCE);
        ValueCodec trusting = new ValueCodec(policy, getClass().getClassLoader(), 10_000);
        assertThat(trusting.decode("a", trusting.encode("a", proxy))).isInstanceOf(Stranger.OfProxy.class);
    }

    @Test
    void whatReplacesAnObjectNeedsTheList() {
        for (Object outer : List.of(new Stand.Betrayed(), new Cart(new Stand.Betrayed()))) {
            assertThatExceptionOfType(SessionCodecException.class)
                    .isThrownBy(() -> codec.encode("cart", outer))
                    .satisfies(e -> assertThat(e.type()).contains(Stranger.Replacement.class.getName()));
        }
    }

    @Test
    void whatIsReplacedNeedsTheListToo() {
        // The stream does not show it, and reading makes it again: so it has to fail here, not at the next request.
        for (Object outer : List.of(new Stranger.Replaced(), new Cart(new Stranger.Replaced()))) {
            assertThatExceptionOfType(SessionCodecException.class)
                    .isThrownBy(() -> codec.encode("cart", outer))
                    .satisfies(e -> assertThat(e.type()).contains(Stranger.Replaced.class.getName()));
        }
        assertThat(codec.decode("a", codec.encode("a", new Stand.Replaced()))).isInstanceOf(Stand.Replaced.class);
    }

    @Test
    void zoneThatOnlyAnotherNodeKnowsIsKept() throws Exception {
        ZonedDateTime here = ZonedDateTime.of(2026, 1, 2, 3, 4, 5, 6, ZoneId.of("Europe/Paris"));
        String stream = new String(serialized(here), StandardCharsets.ISO_8859_1);
        byte[] stored = tagged(stream.replace("Europe/Paris", "Europe-Paris").getBytes(StandardCharsets.ISO_8859_1));
        ZonedDateTime there = (ZonedDateTime) codec.decode("a", stored);
        assertThat(there.getZone().getId()).isEqualTo("Europe-Paris");
        assertThat(codec.decode("a", codec.encode("a", there))).isEqualTo(there);
        assertThat(codec.decode("a", codec.encode("a", there.getZone()))).isEqualTo(there.getZone());
    }

    /** The JDK's own code calls half an entry an internal error of the virtual machine. */
    @Test
    void mapWithHalfAnEntryIsRefused() throws Exception {
        HexFormat hex = HexFormat.of();
        String list = hex.formatHex(serialized((Serializable) List.of(1, 2, 3)));
        String map = list.replace("000000017704" + "00000003", "000000037704" + "00000003");
        assertThat(map).isNotEqualTo(list);
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.decode("a", tagged(hex.parseHex(map))))
                .withMessageContaining("its stored form is damaged");
    }

    @Test
    void proxyWithoutInterfacesIsRefused() throws Exception {
        Object proxy = Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[0], new Handled());
        ValueCodec trusting = new ValueCodec(
                new TypePolicy(List.of("io.geniesession.**"), TypePolicy.Mode.ENFORCE),
                getClass().getClassLoader(),
                10_000);
        assertThatExceptionOfType(SessionCodecException.class).isThrownBy(() -> trusting.encode("a", proxy));
        byte[] stored = tagged(serialized((Serializable) proxy));
        assertThatExceptionOfType(SessionCodecException.class).isThrownBy(() -> trusting.decode("a", stored));
    }

    @Test
    void valueThatIsNotSerializableNamesItsClass() {
        Object alien = new Object();
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.encode("cart", new Cart("a", alien)))
                .withMessageContaining("class java.lang.Object (part of a value of class " + Cart.class.getName() + ")")
                .withMessageContaining("java.io.Serializable")
                .satisfies(e -> assertThat(e.type()).contains("java.lang.Object"));
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.encode("cart", new Thread()))
                .withMessageContaining("class java.lang.Thread does not implement java.io.Serializable");
    }

    @Test
    void classThatFailsToWriteItselfKeepsItsMessageToItself() {
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.encode("cart", new Cart.Failing()))
                .withMessageContaining(Cart.Failing.class.getName() + " failed to write itself")
                .satisfies(e -> assertThat(trace(e))
                        .contains("Caused by: java.io.IOException")
                        .doesNotContain("s3cret"));
    }

    @Test
    void classThatFailsToReadItselfKeepsItsMessageToItself() {
        byte[] stored = codec.encode("cart", new Cart.Unreadable());
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.decode("cart", stored))
                .satisfies(e ->
                        assertThat(trace(e)).contains("IllegalStateException").doesNotContain("s3cret"));
    }

    @Test
    void keyThatBreaksWhenHashedIsACodecFailure() {
        byte[] stored = codec.encode("cart", new HashSet<>(Set.of(new Cart.BadKey())));
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.decode("cart", stored))
                .satisfies(e -> assertThat(trace(e)).doesNotContain("s3cret"));
    }

    @Test
    void classRemovedByADeployIsNamed() throws Exception {
        String gone = "io.geniesession.internal.codec.listed.Gone";
        byte[] stored = tagged(streamOf(gone));
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.decode("cart", stored))
                .withMessageContaining("class " + gone + " is not on the class path")
                .satisfies(e -> assertThat(e.type()).contains(gone));
    }

    @Test
    void classChangedByADeployIsNamed() throws Exception {
        byte[] stored = tagged(streamOf(Cart.Node.class.getName(), 42));
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.decode("cart", stored))
                .withMessageContaining("class " + Cart.Node.class.getName() + " does not fit the stored form");
    }

    @Test
    void cycleWithinAnObjectIsKept() {
        Cart.Node node = new Cart.Node();
        node.next = node;
        Cart.Node read = (Cart.Node) codec.decode("a", codec.encode("a", node));
        assertThat(read.next).isSameAs(read);
    }

    @Test
    void whatIsWrittenIsNeverTooDeepToBeRead() {
        assertThat(codec.decode("a", codec.encode("a", chain(ObjectCodec.MAX_DEPTH))))
                .isInstanceOf(Cart.Node.class);
        for (int length : new int[] {ObjectCodec.MAX_DEPTH + 1, 100_000}) {
            Cart.Node tooLong = chain(length);
            assertThatExceptionOfType(SessionCodecException.class)
                    .isThrownBy(() -> codec.encode("cart", tooLong))
                    .withMessageContaining("nested more than 500 objects deep");
        }
    }

    @Test
    void manyObjectsSideBySideAreNotDeep() {
        Cart cart = new Cart();
        for (int i = 0; i < 5_000; i++) {
            cart.items.add(new Cart.Item("sku", i));
        }
        assertThat(codec.decode("a", codec.encode("a", cart))).isEqualTo(cart);
    }

    @Test
    void sparseTablesWithinObjectsComeBack() {
        Cart cart = new Cart();
        for (int i = 0; i < 300; i++) {
            cart.items.add(new HashMap<>(1, 0.25f));
            cart.items.add(new HashMap<>(Map.of(i, i)));
        }
        assertThat(codec.decode("a", codec.encode("a", cart))).isEqualTo(cart);
    }

    @Test
    void announcedArrayIsNotAllocated() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0xACED0005);
        out.writeByte(0x75); // TC_ARRAY
        out.writeByte(0x72); // TC_CLASSDESC
        out.writeUTF("[J");
        out.writeLong(0x782004B512B17593L);
        out.writeByte(2);
        out.writeShort(0);
        out.writeByte(0x78);
        out.writeByte(0x70);
        out.writeInt(Integer.MAX_VALUE);
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.decode("a", tagged(bytes.toByteArray())))
                .withMessageContaining("announce more than they can hold");
    }

    @Test
    void reportModeLetsThroughAndLogsTheLineOncePerClass() {
        List<String> lines = new CopyOnWriteArrayList<>();
        Logger logger = Logger.getLogger("io.geniesession.types");
        Handler handler = collecting(lines);
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            ValueCodec reporting = new ValueCodec(
                    new TypePolicy(List.of(), TypePolicy.Mode.REPORT),
                    getClass().getClassLoader(),
                    10_000);
            for (int i = 0; i < 3; i++) {
                byte[] stored = reporting.encode("a", new Stranger.OfRecord(1));
                assertThat(reporting.decode("a", stored)).isEqualTo(new Stranger.OfRecord(1));
            }
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0)).contains("genie.session.types=" + Stranger.OfRecord.class.getName());
    }

    private static Handler collecting(List<String> lines) {
        return new Handler() {
            @Override
            public void publish(LogRecord entry) {
                lines.add(java.text.MessageFormat.format(entry.getMessage(), entry.getParameters()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    private static Cart.Node chain(int length) {
        Cart.Node node = new Cart.Node();
        for (int i = 1; i < length; i++) {
            Cart.Node before = new Cart.Node();
            before.next = node;
            node = before;
        }
        return node;
    }

    private static String trace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    static byte[] serialized(Object value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        return bytes.toByteArray();
    }

    /** The stream of an object without fields, of a class that is only named here. */
    private static byte[] streamOf(String className) throws IOException {
        return streamOf(className, 1);
    }

    private static byte[] streamOf(String className, long serialVersion) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0xACED0005);
        out.writeByte(0x73); // TC_OBJECT
        out.writeByte(0x72); // TC_CLASSDESC
        out.writeUTF(className);
        out.writeLong(serialVersion);
        out.writeByte(2); // SC_SERIALIZABLE
        out.writeShort(0);
        out.writeByte(0x78); // TC_ENDBLOCKDATA
        out.writeByte(0x70); // TC_NULL: no superclass
        return bytes.toByteArray();
    }

    static byte[] tagged(byte[] stream) throws CborException {
        CborWriter out = new CborWriter(1 << 20);
        out.raw(0);
        out.tag(ObjectCodec.TAG);
        out.bytes(stream);
        return out.toByteArray();
    }

    private static final class Handled implements InvocationHandler, Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] args) {
            return null;
        }
    }
}
