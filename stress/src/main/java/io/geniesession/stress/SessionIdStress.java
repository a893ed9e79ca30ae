package io.geniesession.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import io.geniesession.SessionId;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The digest of an id, which is computed by whoever asks first. */
public final class SessionIdStress {
    private static final SessionId KNOWN = SessionId.generate();
    private static final String PUBLIC_ID = KNOWN.publicId();

    private SessionIdStress() {}

    private static SessionId fresh() {
        return SessionId.parse(KNOWN.value()).orElseThrow();
    }

    /** Both get the same digest. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE)
    @State
    public static class DigestAskedByTwo {
        private final SessionId id = fresh();

        @Actor
        public void one(ZZ_Result r) {
            r.r1 = PUBLIC_ID.equals(id.publicId());
        }

        @Actor
        public void other(ZZ_Result r) {
            r.r2 = PUBLIC_ID.equals(id.publicId());
        }
    }

    /** An id that reaches another thread without any care is whole. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE)
    @State
    public static class HandedOverByARace {
        private @Nullable SessionId id;

        @Actor
        public void one(ZZ_Result r) {
            SessionId made = fresh();
            id = made;
            r.r1 = true;
        }

        @Actor
        public void other(ZZ_Result r) {
            SessionId seen = id;
            r.r2 = seen == null || (seen.equals(KNOWN) && PUBLIC_ID.equals(seen.publicId()));
        }
    }
}
