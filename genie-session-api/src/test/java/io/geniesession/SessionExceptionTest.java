package io.geniesession;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class SessionExceptionTest {

    private static final String SECRET = "Key (id)=(s3cret) already exists";

    @Test
    void factsOfAStoreFailureAreFields() {
        SessionStoreException e = new SessionStoreException("The store did not answer", "08006", true, null);
        assertThat(e).hasMessage("The store did not answer").hasNoCause();
        assertThat(e.code()).contains("08006");
        assertThat(e.outcomeUnknown()).isTrue();
        assertThat(new SessionStoreException("m", null, false, null).code()).isEmpty();
    }

    @Test
    void factsOfACodecFailureAreFields() {
        SessionCodecException e = new SessionCodecException("m", "cart", "com.shop.Cart", null);
        assertThat(e.attribute()).contains("cart");
        assertThat(e.type()).contains("com.shop.Cart");
        SessionCodecException bare = new SessionCodecException("m", null);
        assertThat(bare.attribute()).isEmpty();
        assertThat(bare.type()).isEmpty();
    }

    @Test
    void causeKeepsTypesAndTracesButNoMessageText() {
        IllegalStateException inner = new IllegalStateException(SECRET);
        IOException outer = new IOException(SECRET, inner);
        outer.addSuppressed(new IllegalArgumentException(SECRET));
        SessionStoreException e = new SessionStoreException("The store failed", null, false, outer);

        String trace = stackTrace(e);
        assertThat(trace)
                .doesNotContain("s3cret")
                .contains("Caused by: java.io.IOException")
                .contains("Caused by: java.lang.IllegalStateException")
                .contains("Suppressed: java.lang.IllegalArgumentException");
        assertThat(e.getCause().getMessage()).isNull();
        assertThat(e.getCause().getStackTrace()).isEqualTo(outer.getStackTrace());
        assertThat(e.getCause().getCause().getStackTrace()).isEqualTo(inner.getStackTrace());
    }

    @Test
    void cyclicCauseEnds() {
        RuntimeException a = new RuntimeException(SECRET);
        RuntimeException b = new RuntimeException(SECRET, a);
        a.initCause(b);
        a.addSuppressed(b);
        SessionConfigException e = new SessionConfigException("wrong", a);
        assertThat(e.getCause().getCause()).isNotNull().hasNoCause();
        assertThat(stackTrace(e)).doesNotContain("s3cret");
    }

    @Test
    void longChainOfCausesIsCutOff() {
        Throwable chain = null;
        for (int i = 0; i < 5_000; i++) {
            chain = new RuntimeException(SECRET, chain);
        }
        int depth = 0;
        for (Throwable t = new SessionConfigException("wrong", chain).getCause(); t != null; t = t.getCause()) {
            depth++;
        }
        assertThat(depth).isEqualTo(64);
    }

    @Test
    void sanitizedCauseIsReusedAsItIs() {
        SessionConfigException first = new SessionConfigException("first", new IOException(SECRET));
        SessionConfigException second = new SessionConfigException("second", first.getCause());
        assertThat(second.getCause()).isSameAs(first.getCause());
    }

    @Test
    void exceptionsSerializeWithoutTheOriginalCause() throws IOException {
        RuntimeException cause = new RuntimeException(SECRET) {
            private static final long serialVersionUID = 1L;

            @SuppressWarnings({"serial", "UnusedVariable"}) // what makes the original cause impossible to serialize
            private final Object unserializable = new Object();
        };
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new SessionConfigException("wrong", cause));
        }
        assertThat(bytes.toString(ISO_8859_1)).doesNotContain("s3cret");
    }

    private static String stackTrace(Throwable t) {
        StringWriter text = new StringWriter();
        t.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
