package io.geniesession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.geniesession.SessionCodecException;
import io.geniesession.internal.codec.listed.Cart;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The classes that known attacks are made of are not even loaded, wherever in a stream they stand. */
class GadgetTest {
    private final Recorder loader = new Recorder();
    private final ValueCodec codec = new ValueCodec(
            new TypePolicy(List.of("io.geniesession.internal.codec.listed.**"), TypePolicy.Mode.ENFORCE),
            loader,
            1 << 20);

    /** The links of published chains: first, middle and last, of the JDK and of widespread libraries. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.net.URL",
                "java.net.InetAddress",
                "java.io.File",
                "java.lang.ProcessBuilder",
                "java.lang.Runtime",
                "java.lang.Class",
                "java.lang.invoke.SerializedLambda",
                "java.rmi.server.RemoteObject",
                "java.rmi.server.RemoteObjectInvocationHandler",
                "java.rmi.server.UnicastRemoteObject",
                "java.rmi.MarshalledObject",
                "java.security.SignedObject",
                "java.beans.EventHandler",
                "java.util.ServiceLoader",
                "java.util.logging.Handler",
                "javax.management.BadAttributeValueExpException",
                "javax.naming.ldap.Rdn",
                "javax.script.ScriptEngineManager",
                "javax.swing.UIDefaults",
                "javax.swing.event.EventListenerList",
                "javax.swing.undo.UndoManager",
                "com.sun.jndi.rmi.registry.ReferenceWrapper",
                "com.sun.org.apache.xalan.internal.xsltc.trax.TemplatesImpl",
                "com.sun.rowset.JdbcRowSetImpl",
                "sun.reflect.annotation.AnnotationInvocationHandler",
                "sun.rmi.server.UnicastRef",
                "sun.rmi.transport.tcp.TCPEndpoint",
                "bsh.XThis",
                "ch.qos.logback.core.db.DriverManagerConnectionSource",
                "clojure.lang.PersistentArrayMap",
                "com.mchange.v2.c3p0.PoolBackedDataSource",
                "com.vaadin.data.util.NestedMethodProperty",
                "groovy.lang.Closure",
                "net.sf.json.JSONObject",
                "org.apache.commons.beanutils.BeanComparator",
                "org.apache.commons.collections.functors.InvokerTransformer",
                "org.apache.commons.collections.keyvalue.TiedMapEntry",
                "org.apache.commons.collections4.comparators.TransformingComparator",
                "org.apache.commons.collections4.functors.InstantiateTransformer",
                "org.apache.commons.fileupload.disk.DiskFileItem",
                "org.apache.wicket.util.upload.DiskFileItem",
                "org.codehaus.groovy.runtime.ConvertedClosure",
                "org.codehaus.groovy.runtime.MethodClosure",
                "org.hibernate.engine.spi.TypedValue",
                "org.jboss.weld.interceptor.proxy.InterceptorMethodHandler",
                "org.mozilla.javascript.NativeError",
                "org.python.core.PyFunction",
                "org.springframework.aop.framework.JdkDynamicAopProxy",
                "org.springframework.beans.factory.ObjectFactory",
                "org.springframework.core.SerializableTypeWrapper$MethodInvokeTypeProvider",
                "com.fasterxml.jackson.databind.node.POJONode",
            })
    void linkOfAChainIsNeverLoaded(String gadget) throws Exception {
        for (byte[] stream : List.of(
                object(gadget),
                objectOfSubclass(gadget),
                array(gadget),
                classLiteral(gadget),
                enumConstant(gadget),
                proxy(gadget),
                proxy("java.lang.Comparable", gadget))) {
            assertRefused(stream, gadget);
        }
    }

    private void assertRefused(byte[] stream, String gadget) throws CborException {
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.decode("cart", ObjectCodecTest.tagged(stream)))
                .withMessageContaining("not on the allow-list")
                .satisfies(e -> assertThat(e.type())
                        .hasValueSatisfying(type -> assertThat(type).isIn(gadget, "java.lang.Comparable")));
        assertThat(loader.asked).doesNotContain(gadget);
    }

    @Test
    void keyThatAsksTheNetworkWhenHashedIsRefused() throws Exception {
        Listening handler = new Listening();
        HashMap<Object, Object> map = new HashMap<>();
        URL url = url(handler);
        map.put(url, "x");
        assertThat(handler.asked).isTrue();
        byte[] stream = ObjectCodecTest.serialized(map);
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.decode("cart", ObjectCodecTest.tagged(stream)))
                .satisfies(e -> assertThat(e.type()).contains("java.net.URL"));
        assertThat(loader.asked).doesNotContain("java.net.URL");
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.encode("cart", map))
                .satisfies(e -> assertThat(e.type()).contains("java.net.URL"));
    }

    @Test
    void chainWithinAnObjectThatIsListedDoesNotRun() throws Exception {
        Trap.sprung = false;
        byte[] stream = ObjectCodecTest.serialized(new Cart("a", new Trap()));
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> codec.decode("cart", ObjectCodecTest.tagged(stream)))
                .satisfies(e -> assertThat(e.type()).contains(Trap.class.getName()));
        assertThat(Trap.sprung).isFalse();
        // Without the list it does.
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(stream))) {
            assertThat(in.readObject()).isInstanceOf(Cart.class);
        }
        assertThat(Trap.sprung).isTrue();
    }

    @Test
    void kindsOfProxiesAreBounded() throws Exception {
        List<String> interfaces = List.of(
                "java.lang.Runnable",
                "java.lang.Comparable",
                "java.lang.Iterable",
                "java.lang.Cloneable",
                "java.lang.AutoCloseable",
                "java.util.concurrent.Callable",
                "java.util.function.Supplier");
        ValueCodec trusting = new ValueCodec(new TypePolicy(interfaces, TypePolicy.Mode.ENFORCE), loader, 1 << 20);
        for (int i = 0; i < ObjectCodec.MAX_PROXY_CLASSES; i++) {
            decodeProxy(trusting, ordered(interfaces, i));
        }
        // Those that are there stay usable, another order of interfaces would be another class.
        decodeProxy(trusting, ordered(interfaces, 0));
        assertThatExceptionOfType(SessionCodecException.class)
                .isThrownBy(() -> decodeProxy(trusting, ordered(interfaces, ObjectCodec.MAX_PROXY_CLASSES)));
    }

    private static void decodeProxy(ValueCodec codec, List<String> interfaces) throws Exception {
        Object proxy = codec.decode("a", ObjectCodecTest.tagged(proxy(interfaces.toArray(new String[0]))));
        assertThat(Proxy.isProxyClass(proxy.getClass())).isTrue();
    }

    /** Returns the permutation of this number. */
    private static List<String> ordered(List<String> names, int number) {
        List<String> left = new ArrayList<>(names);
        List<String> ordered = new ArrayList<>();
        for (int rest = number; !left.isEmpty(); rest /= left.size() + 1) {
            ordered.add(left.remove(rest % left.size()));
        }
        return ordered;
    }

    @Test
    void streamsOfThisTestAreWellFormed() throws Exception {
        String listed = Cart.Node.class.getName();
        assertThatCode(() -> codec.decode("a", ObjectCodecTest.tagged(object(listed))))
                .doesNotThrowAnyException();
        assertThat(loader.asked).contains(listed);
        assertThat(codec.decode("a", ObjectCodecTest.tagged(array(listed)))).isEqualTo(new Cart.Node[0]);
        assertThat(codec.decode("a", ObjectCodecTest.tagged(classLiteral(listed))))
                .isEqualTo(Cart.Node.class);
    }

    private static byte[] object(String name) throws IOException {
        return stream(out -> {
            out.writeByte(0x73); // TC_OBJECT
            descriptor(out, name, 2);
            out.writeByte(0x70);
        });
    }

    private static byte[] objectOfSubclass(String name) throws IOException {
        return stream(out -> {
            out.writeByte(0x73);
            descriptor(out, Cart.Node.class.getName(), 2);
            descriptor(out, name, 2);
            out.writeByte(0x70);
        });
    }

    private static byte[] array(String name) throws IOException {
        return stream(out -> {
            out.writeByte(0x75); // TC_ARRAY
            descriptor(out, "[L" + name + ";", 2);
            out.writeByte(0x70);
            out.writeInt(0);
        });
    }

    private static byte[] classLiteral(String name) throws IOException {
        return stream(out -> {
            out.writeByte(0x76); // TC_CLASS
            descriptor(out, name, 2);
            out.writeByte(0x70);
        });
    }

    private static byte[] enumConstant(String name) throws IOException {
        return stream(out -> {
            out.writeByte(0x7E); // TC_ENUM
            descriptor(out, name, 0x12); // SC_ENUM, whose number is always 0
            out.writeByte(0x70);
            out.writeByte(0x74);
            out.writeUTF("INSTANCE");
        });
    }

    private static byte[] proxy(String... interfaces) throws IOException {
        return stream(out -> {
            out.writeByte(0x73);
            out.writeByte(0x7D); // TC_PROXYCLASSDESC
            out.writeInt(interfaces.length);
            for (String name : interfaces) {
                out.writeUTF(name);
            }
            out.writeByte(0x78);
            out.writeByte(0x70);
        });
    }

    private static void descriptor(DataOutputStream out, String name, int flags) throws IOException {
        out.writeByte(0x72); // TC_CLASSDESC
        out.writeUTF(name);
        out.writeLong(flags == 2 ? serialVersion(name) : 0);
        out.writeByte(flags);
        out.writeShort(0);
        out.writeByte(0x78);
    }

    /** Arrays of our own class have a number that is computed. */
    private static long serialVersion(String name) {
        return name.startsWith("[L" + Cart.Node.class.getName())
                ? ObjectStreamClass.lookupAny(Cart.Node[].class).getSerialVersionUID()
                : 1;
    }

    private interface Content {
        void writeTo(DataOutputStream out) throws IOException;
    }

    private static byte[] stream(Content content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0xACED0005);
        content.writeTo(out);
        return bytes.toByteArray();
    }

    @SuppressWarnings("deprecation") // there is no other way to give a handler
    private static URL url(URLStreamHandler handler) throws IOException {
        return new URL("http", "gadget.invalid", -1, "/", handler);
    }

    /** Notes every name it is asked for. */
    private static final class Recorder extends ClassLoader {
        private final Set<String> asked = ConcurrentHashMap.newKeySet();

        Recorder() {
            super(GadgetTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            asked.add(name);
            return super.loadClass(name, resolve);
        }
    }

    /** Stands for the network. */
    private static final class Listening extends URLStreamHandler {
        private boolean asked;

        @Override
        protected URLConnection openConnection(URL url) throws IOException {
            throw new IOException("no network");
        }

        @Override
        protected synchronized InetAddress getHostAddress(URL url) {
            asked = true;
            return InetAddress.getLoopbackAddress();
        }
    }

    /** Does harm as soon as it is read; not on the list. */
    private static final class Trap implements Serializable {
        private static final long serialVersionUID = 1L;

        private static boolean sprung;

        private void readObject(ObjectInputStream in) {
            sprung = true;
        }
    }
}
