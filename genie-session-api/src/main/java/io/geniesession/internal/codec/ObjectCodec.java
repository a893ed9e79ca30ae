package io.geniesession.internal.codec;

import io.geniesession.SessionCodecException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Java serialization under the allow-list, for values that have no CBOR form.
 *
 * <p>Writing asks the list about every class descriptor that goes into the stream. Reading asks it about the name before
 * the class is loaded, loads without initialising, and asks again through the stream's filter, which also bounds depth,
 * references and array lengths. The bounds on references and arrays follow from the length of the bytes, so that no
 * honest stream meets them: what was written can be read.
 *
 * <p>Safe for use by several threads.
 */
final class ObjectCodec {
    /** Tag of the byte string that holds a stream: "GSJO". In the first-come-first-served range, not registered. */
    static final int TAG = 0x47534A4F;

    /** Nesting of objects in one stream; a thread of the usual stack size reads it. */
    static final int MAX_DEPTH = 500;

    /** Each list of interfaces is a class that lives as long as its loader, so stored bytes must not make any number. */
    static final int MAX_PROXY_CLASSES = 1_000;

    private static final Map<String, Class<?>> PRIMITIVES = Map.of(
            "boolean", boolean.class,
            "byte", byte.class,
            "char", char.class,
            "short", short.class,
            "int", int.class,
            "long", long.class,
            "float", float.class,
            "double", double.class,
            "void", void.class);

    /** Whether objects of a class may turn into others when they are read; what those of the JDK turn into is known. */
    private static final ClassValue<Boolean> RESOLVES = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            for (Class<?> c = type; c != null && !BuiltInTypes.contains(c.getName()); c = c.getSuperclass()) {
                for (Method method : c.getDeclaredMethods()) {
                    if (method.getName().equals("readResolve") && method.getParameterCount() == 0) {
                        return true;
                    }
                }
            }
            return false;
        }
    };

    private final TypePolicy policy;
    private final ClassLoader loader;
    private final Set<List<String>> proxies = ConcurrentHashMap.newKeySet();

    ObjectCodec(TypePolicy policy, ClassLoader loader) {
        this.policy = policy;
        this.loader = loader;
    }

    void write(String attribute, Object value, CborWriter out) throws CborException {
        out.tag(TAG);
        int start = out.beginBytes();
        Sink sink = new Sink(out);
        Output stream = null;
        try {
            stream = new Output(sink);
            stream.writeObject(value);
            stream.flush();
        } catch (Throwable e) {
            rethrowFatal(e);
            sink.rethrow();
            throw refused(attribute, value, stream, e);
        }
        // Application code may have swallowed what its writeObject met.
        sink.rethrow();
        if (stream.fault != null) {
            throw refused(attribute, value, stream, null);
        }
        out.endBytes(start);
        // Nesting is not seen while writing. It cannot be deeper than there are objects, so only many are read back.
        // Nor is
        // seen what an object was before it put another in its place, and that one makes it again when it is read.
        if (stream.objects >= MAX_DEPTH || stream.resolves) {
            read(attribute, out.buffer(), start, out.size() - start);
        }
    }

    Object read(String attribute, byte[] source, int offset, int length) {
        Input stream = null;
        try (InputStream bytes = new ByteArrayInputStream(source, offset, length)) {
            stream = new Input(bytes, length);
            Object value = stream.readObject();
            if (value != null) {
                return value;
            }
            throw new SessionCodecException(
                    "The stored form of attribute \"" + attribute + "\" holds no object", attribute, null, null);
        } catch (SessionCodecException e) {
            throw e;
        } catch (Throwable e) {
            rethrowFatal(e);
            throw unreadable(attribute, stream, e);
        }
    }

    /** Lets the error pass that concerns the whole virtual machine; application code and stored bytes cause any other. */
    static void rethrowFatal(Throwable e) {
        if (e instanceof OutOfMemoryError error) {
            throw error;
        }
    }

    private static SessionCodecException refused(
            String attribute, Object value, @Nullable Output stream, @Nullable Throwable cause) {
        String top = value.getClass().getName();
        String type = stream == null || stream.faultType == null ? top : stream.faultType;
        String where = type.equals(top) ? "" : " (part of a value of class " + top + ")";
        String subject = "Attribute \"" + attribute + "\" cannot be stored: class " + type + where;
        Fault fault = stream == null ? null : stream.fault;
        if (fault == Fault.NOT_ALLOWED) {
            return new SessionCodecException(
                    subject + " is not on the allow-list. " + remedy(type), attribute, type, null);
        }
        if (fault == Fault.NOT_SERIALIZABLE) {
            return new SessionCodecException(
                    subject + " does not implement java.io.Serializable. Let it do so, mark the field that holds it"
                            + " transient, or store one of the JDK's value types instead",
                    attribute,
                    type,
                    null);
        }
        if (cause instanceof StackOverflowError) {
            return new SessionCodecException(
                    subject + " is nested more than " + MAX_DEPTH + " objects deep", attribute, type, null);
        }
        return new SessionCodecException(
                subject + " failed to write itself; the cause has its stack trace",
                attribute,
                type,
                stream != null && stream.aborted != null ? stream.aborted : cause);
    }

    private static SessionCodecException unreadable(String attribute, @Nullable Input stream, Throwable cause) {
        String subject = "Attribute \"" + attribute + "\" cannot be read back: ";
        Fault fault = stream == null ? null : stream.fault;
        String type = stream == null ? null : stream.faultType;
        if (fault == Fault.NOT_ALLOWED && type != null) {
            return new SessionCodecException(
                    subject + "class " + type + " is not on the allow-list. " + remedy(type), attribute, type, null);
        }
        if (fault == Fault.TOO_DEEP || cause instanceof StackOverflowError) {
            return new SessionCodecException(
                    subject + "it is nested more than " + MAX_DEPTH + " objects deep", attribute, type, null);
        }
        if (fault == Fault.TOO_MANY) {
            return new SessionCodecException(
                    subject + "its bytes announce more than they can hold", attribute, type, null);
        }
        if (fault == Fault.TOO_MUCH_WORK) {
            return new SessionCodecException(
                    subject + "its collections hold each other in so many ways that hashing them would not end",
                    attribute,
                    type,
                    null);
        }
        if (cause instanceof ClassNotFoundException && type != null) {
            return new SessionCodecException(
                    subject + "class " + type + " is not on the class path; a deploy may have renamed or removed it",
                    attribute,
                    type,
                    cause);
        }
        if (cause instanceof InvalidClassException e && e.classname != null) {
            return new SessionCodecException(
                    subject + "class " + e.classname + " does not fit the stored form; a deploy may have changed it",
                    attribute,
                    e.classname,
                    cause);
        }
        return new SessionCodecException(
                subject + "its stored form is damaged or its class refused it; the cause has the stack trace",
                attribute,
                type,
                cause);
    }

    /** No list can say anything about it, and nothing can be done with it. */
    private static InvalidClassException withoutInterfaces() {
        return new InvalidClassException("a dynamic proxy without interfaces");
    }

    private static String remedy(String type) {
        int dot = type.lastIndexOf('.');
        String line = "If it may be stored, add it: " + TypePolicy.SETTING + "=" + type;
        return dot < 0 || TypePolicy.isOfTheJdk(type)
                ? line
                : line + " (or " + type.substring(0, dot) + ".** for its package and those below)";
    }

    private enum Fault {
        NOT_ALLOWED,
        NOT_SERIALIZABLE,
        ABORTED,
        TOO_DEEP,
        TOO_MANY,
        TOO_MUCH_WORK
    }

    /** Thrown through the stream's code to end it; what happened is in the stream's fields. */
    private static final class Stop extends IOException {
        private static final long serialVersionUID = 1L;

        Stop() {
            super("see the fault noted by the stream");
        }
    }

    private static final class Sink extends OutputStream {
        private final CborWriter out;
        private @Nullable CborException failure;

        Sink(CborWriter out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            try {
                out.append(source, offset, length);
            } catch (CborException e) {
                failure = e;
                throw new Stop();
            }
        }

        void rethrow() throws CborException {
            if (failure != null) {
                throw failure;
            }
        }
    }

    private final class Output extends ObjectOutputStream {
        private int objects;
        private boolean resolves;
        private @Nullable Fault fault;
        private @Nullable String faultType;
        private @Nullable IOException aborted;

        Output(OutputStream out) throws IOException {
            super(out);
            enableReplaceObject(true);
        }

        @Override
        protected void annotateClass(Class<?> type) throws IOException {
            require(type);
            resolves |= RESOLVES.get(type);
        }

        @Override
        protected void annotateProxyClass(Class<?> type) throws IOException {
            if (type.getInterfaces().length == 0) {
                throw withoutInterfaces();
            }
            for (Class<?> implemented : type.getInterfaces()) {
                require(implemented);
            }
        }

        /** Replaces nothing; it is the only place that sees an object before the stream judges it. */
        @Override
        protected Object replaceObject(Object object) throws IOException {
            objects++;
            if (!(object instanceof Serializable)) {
                stop(Fault.NOT_SERIALIZABLE, object.getClass().getName());
            }
            // A stream that fails writes the exception as its last object, which must not pass for the fault.
            if (object instanceof IOException e && !policy.isListed(e.getClass().getName())) {
                aborted = aborted == null ? e : aborted;
                stop(Fault.ABORTED, null);
            }
            return object;
        }

        private void require(Class<?> type) throws IOException {
            if (fault != null || !policy.allows(type.getName())) {
                stop(Fault.NOT_ALLOWED, TypePolicy.elementName(type.getName()));
            }
        }

        /** Notes the first fault only; the others follow from it. */
        private void stop(Fault found, @Nullable String type) throws IOException {
            if (fault == null) {
                fault = found;
                faultType = type;
            }
            throw new Stop();
        }
    }

    private final class Input extends ObjectInputStream {
        private final int length;
        private final HashWork hashWork;
        private long arrayElements;
        private @Nullable Fault fault;
        private @Nullable String faultType;

        Input(InputStream in, int length) throws IOException {
            super(in);
            this.length = length;
            this.hashWork = new HashWork(length);
            enableResolveObject(true);
            // Setting a filter takes the place of the virtual machine's own, whose refusals count as well.
            setObjectInputFilter(ObjectInputFilter.merge(this::check, ObjectInputFilter.Config.getSerialFilter()));
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass descriptor) throws IOException, ClassNotFoundException {
            return load(descriptor.getName());
        }

        @Override
        @SuppressWarnings("deprecation") // the class itself is asked for, not an instance
        protected Class<?> resolveProxyClass(String[] interfaces) throws IOException, ClassNotFoundException {
            if (interfaces.length == 0) {
                throw withoutInterfaces();
            }
            Class<?>[] loaded = new Class<?>[interfaces.length];
            for (int i = 0; i < interfaces.length; i++) {
                loaded[i] = load(interfaces[i]);
            }
            if (proxies.size() >= MAX_PROXY_CLASSES && !proxies.contains(List.of(interfaces))) {
                throw new InvalidClassException("more kinds of dynamic proxies than an application has");
            }
            proxies.add(List.of(interfaces));
            try {
                return Proxy.getProxyClass(loader, loaded);
            } catch (IllegalArgumentException e) {
                throw new ClassNotFoundException("dynamic proxy", e);
            }
        }

        /** Replaces nothing; it is the place that sees an object that is complete, before another gets hold of it. */
        @Override
        protected Object resolveObject(Object object) throws IOException {
            if (hashWork.isTooMuchWith(object)) {
                note(Fault.TOO_MUCH_WORK, null);
                throw new Stop();
            }
            return object;
        }

        private Class<?> load(String name) throws IOException, ClassNotFoundException {
            if (!policy.allows(name)) {
                note(Fault.NOT_ALLOWED, TypePolicy.elementName(name));
                throw new Stop();
            }
            Class<?> primitive = PRIMITIVES.get(name);
            if (primitive != null) {
                return primitive;
            }
            try {
                return Class.forName(name, false, loader);
            } catch (ClassNotFoundException e) {
                faultType = TypePolicy.elementName(name);
                throw e;
            }
        }

        private ObjectInputFilter.Status check(ObjectInputFilter.FilterInfo info) {
            if (info.depth() > MAX_DEPTH) {
                return reject(Fault.TOO_DEEP, null);
            }
            // Each reference takes a byte at least. A hash table may be sixteen times as long as what is in it.
            if (info.arrayLength() > 0) {
                arrayElements += info.arrayLength();
            }
            if (info.references() > length || arrayElements > 16L * length + 64) {
                return reject(Fault.TOO_MANY, null);
            }
            Class<?> type = info.serialClass();
            if (type == null) {
                return hashWork.isTooMuchWithOneMore()
                        ? reject(Fault.TOO_MUCH_WORK, null)
                        : ObjectInputFilter.Status.UNDECIDED;
            }
            return isAllowed(type)
                    ? ObjectInputFilter.Status.ALLOWED
                    : reject(Fault.NOT_ALLOWED, TypePolicy.elementName(type.getName()));
        }

        private boolean isAllowed(Class<?> type) {
            if (!Proxy.isProxyClass(type)) {
                return policy.allows(type.getName());
            }
            for (Class<?> implemented : type.getInterfaces()) {
                if (!policy.allows(implemented.getName())) {
                    return false;
                }
            }
            return true;
        }

        private ObjectInputFilter.Status reject(Fault found, @Nullable String type) {
            note(found, type);
            return ObjectInputFilter.Status.REJECTED;
        }

        private void note(Fault found, @Nullable String type) {
            if (fault == null) {
                fault = found;
                faultType = type;
            }
        }
    }
}
