package io.geniesession.internal.codec;

import com.sun.management.ThreadMXBean;
import io.geniesession.SessionCodecException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decodes bytes and looks at what that did: what was thrown, how much was allocated, which classes were asked for. */
final class Decoding {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What a stream costs that is empty, the tables of a time zone, and the like. */
    private static final long ALLOCATED_ANYHOW = 1 << 20;

    private static final long ALLOCATED_PER_BYTE = 400;

    private static final Recorder LOADER = new Recorder();
    private static final TypePolicy POLICY =
            new TypePolicy(List.of("io.geniesession.internal.codec.shop.**"), TypePolicy.Mode.ENFORCE);
    private static final ValueCodec CODEC = new ValueCodec(POLICY, LOADER, 1 << 20);

    private Decoding() {}

    static void check(byte[] stored) {
        LOADER.stranger = null;
        Object value = decoded(stored);
        if (LOADER.stranger != null) {
            throw new AssertionError("The class " + LOADER.stranger + " was asked for");
        }
        checkAllocation(stored);
        if (value != null) {
            checkWhatIsWritten(value, hasStream(stored));
        }
    }

    /** Once more, since the first time may have loaded and instrumented classes. */
    private static void checkAllocation(byte[] stored) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        decoded(stored);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        if (allocated > ALLOCATED_ANYHOW + ALLOCATED_PER_BYTE * stored.length) {
            throw new AssertionError(allocated + " bytes were allocated for " + stored.length);
        }
    }

    private static @Nullable Object decoded(byte[] stored) {
        try {
            return CODEC.decode("a", stored);
        } catch (SessionCodecException e) {
            return null;
        }
    }

    /** What can be written can be read, unless a stream has made what its class never makes, such as a null in a sorted map. */
    private static void checkWhatIsWritten(Object value, boolean isMadeByStream) {
        CODEC.canChangeInPlace(value);
        byte[] written;
        try {
            written = CODEC.encode("a", value);
        } catch (SessionCodecException e) {
            return;
        }
        Object again = isMadeByStream ? decoded(written) : CODEC.decode("a", written);
        if (again != null
                && again.getClass() != value.getClass()
                && !value.getClass().getName().contains("Unmodifiable")) {
            throw new AssertionError(value.getClass() + " came back as " + again.getClass());
        }
    }

    private static boolean hasStream(byte[] stored) {
        return new String(stored, StandardCharsets.ISO_8859_1).contains("GSJO");
    }

    private static final class Recorder extends ClassLoader {
        private volatile @Nullable String stranger;

        Recorder() {
            super(Decoding.class.getClassLoader());
        }

        /** What the platform's code of a dynamic proxy refers to is asked for in the name of the proxy. */
        private static boolean isForProxies(String name) {
            return name.startsWith("java.lang.reflect.")
                    || name.matches(
                            "java\\.lang\\.(Class|Throwable|(\\w*(Error|Exception))|invoke\\.MethodHandles\\$Lookup)");
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!POLICY.isListed(name) && !isForProxies(name)) {
                stranger = name;
            }
            return super.loadClass(name, resolve);
        }
    }
}
