package io.geniesession.secretwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Classes that leak a secret fail, whichever way it goes. */
class SecretWatchTest {
    private static String secret() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    static final class Prints {
        @Test
        void leak() {
            System.out.println("id=" + secret());
        }
    }

    static final class PrintsErrors {
        @Test
        void leak() {
            System.err.println("id=" + secret());
        }
    }

    static final class Logs {
        @Test
        void leakWhereNobodyListens() {
            Logger.getLogger("io.geniesession.Sessions").log(Level.FINEST, "id={0}", secret());
        }
    }

    static final class LogsACause {
        @Test
        void leak() {
            Exception cause = new Exception("outside", new Exception("id=" + secret()));
            Logger.getLogger("io.geniesession.Sessions").log(Level.FINE, "failed", cause);
        }
    }

    static final class Throws {
        @Test
        void leakThatIsCaught() {
            try {
                throw new LeakyException("The value is " + Secrets.CANARY);
            } catch (LeakyException expected) {
                assertThat(expected).isNotNull();
            }
        }
    }

    static final class Manages {
        /** What JMX shows. */
        public interface ShownMBean {
            /** Returns a secret. */
            String getId();
        }

        /** Shows it. */
        public static final class Shown implements ShownMBean {
            private final String id = secret();

            @Override
            public String getId() {
                return id;
            }
        }

        @Test
        void leak() throws JMException {
            ObjectName name = new ObjectName("io.geniesession:type=Shown");
            if (!ManagementFactory.getPlatformMBeanServer().isRegistered(name)) {
                ManagementFactory.getPlatformMBeanServer().registerMBean(new Shown(), name);
            }
        }
    }

    static final class Clean {
        @Test
        void works() {
            System.out.println("all is well");
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {Prints.class, PrintsErrors.class, Logs.class, LogsACause.class, Throws.class, Manages.class})
    void aClassThatLeaksFails(Class<?> leaking) throws JMException {
        try {
            assertThat(failuresOf(leaking)).isOne();
        } finally {
            ObjectName shown = new ObjectName("io.geniesession:type=Shown");
            if (ManagementFactory.getPlatformMBeanServer().isRegistered(shown)) {
                ManagementFactory.getPlatformMBeanServer().unregisterMBean(shown);
            }
        }
    }

    @Test
    void aClassThatDoesNotPasses() {
        assertThat(failuresOf(Clean.class)).isZero();
    }

    private static long failuresOf(Class<?> type) {
        return EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                .selectors(selectClass(type))
                .execute()
                .containerEvents()
                .failed()
                .stream()
                .map(Event::getTestDescriptor)
                .count();
    }
}
