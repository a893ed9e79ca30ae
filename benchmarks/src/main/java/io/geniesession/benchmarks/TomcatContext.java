package io.geniesession.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Manager;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.session.StandardSession;
import org.apache.catalina.startup.Tomcat;

/** A started application without a connector, for the sake of its manager. Safe for use by several threads. */
final class TomcatContext implements Closeable {
    // The logger is kept, as its level would be forgotten with it.
    private static final Logger LOG = Logger.getLogger("org.apache");

    static {
        LOG.setLevel(Level.WARNING);
    }

    private final Path folder;
    private final Tomcat tomcat = new Tomcat();
    private final StandardContext context;

    TomcatContext(Manager manager, Duration idleTimeout) {
        try {
            folder = Files.createTempDirectory("genie-session-benchmark");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        tomcat.setBaseDir(folder.toString());
        tomcat.setSilent(true);
        context = (StandardContext) tomcat.addContext("", folder.toString());
        // It loads no classes of an application that it would have to look after.
        context.setClearReferencesThreadLocals(false);
        context.setClearReferencesRmiTargets(false);
        context.setSessionTimeout((int) idleTimeout.toMinutes());
        context.setManager(manager);
        // Nothing is swept by itself while something is measured.
        tomcat.getEngine().setBackgroundProcessorDelay(-1);
        try {
            tomcat.start();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    StandardContext context() {
        return context;
    }

    /** Makes a session one of a visitor who left a day ago. */
    static void leaveLongAgo(StandardSession session) {
        session.setCreationTime(System.currentTimeMillis() - Duration.ofDays(1).toMillis());
    }

    @Override
    public void close() throws IOException {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IOException(e);
        } finally {
            Database.delete(folder);
        }
    }
}
