package io.geniesession.examples.quickstart;

import io.geniesession.SessionException;
import io.geniesession.Sessions;
import io.geniesession.servlet.GenieSessions;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.logging.LogManager;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.jspecify.annotations.Nullable;

/**
 * The shop as a running server: embedded Tomcat, and the sessions beside it.
 *
 * <p>Safe for use by several threads.
 */
public final class Shop implements AutoCloseable {

    private static final int LARGEST_FORM = 16 * 1024;

    private final Tomcat tomcat;
    private final Sessions sessions;

    private Shop(Tomcat tomcat, Sessions sessions) {
        this.tomcat = tomcat;
        this.sessions = sessions;
    }

    /**
     * Runs the shop until the process is told to end.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        readLoggingConfiguration();
        try {
            Shop shop = start(Sessions.builder(), chosenAddress(), chosenPort());
            Runtime.getRuntime().addShutdownHook(new Thread(shop::close, "shop-shutdown"));
            System.out.printf(Locale.ROOT, "%n  The shop is open: %s%n  Ctrl+C closes it.%n%n", shop.url());
            shop.tomcat.getServer().await();
        } catch (SessionException | ShopException e) {
            System.err.println("The shop cannot open. " + e.getMessage());
            System.exit(1);
        }
    }

    /**
     * Opens the sessions and starts the server.
     *
     * @param settings of the sessions; what is not set in code comes from properties, environment and files
     * @param address where to listen
     * @param port the port, or 0 for any that is free
     * @return the running shop, to be closed by the caller
     * @throws SessionException if the sessions cannot be opened
     * @throws ShopException if the server cannot be started
     */
    static Shop start(Sessions.Builder settings, InetAddress address, int port) {
        Sessions sessions = GenieSessions.declareSettings(settings).open();
        Shop shop = new Shop(server(sessions, address, port), sessions);
        try {
            shop.tomcat.start();
            return shop;
        } catch (LifecycleException e) {
            shop.close();
            throw new ShopException(
                    isAddressInUse(e)
                            ? "Port " + port + " is in use by another program; choose another one with -Dport="
                                    + (port + 1)
                            : "The server did not start: " + e.getMessage());
        }
    }

    private static Tomcat server(Sessions sessions, InetAddress address, int port) {
        Connector connector = new Connector();
        connector.setProperty("address", address.getHostAddress());
        connector.setPort(port);
        connector.setMaxPostSize(LARGEST_FORM);
        connector.setThrowOnFailure(true);
        Tomcat tomcat = new Tomcat();
        tomcat.setConnector(connector);
        tomcat.setBaseDir(System.getProperty("java.io.tmpdir"));
        configure(tomcat.addContext("", null), sessions);
        return tomcat;
    }

    private static void configure(Context context, Sessions sessions) {
        context.addServletContainerInitializer((none, starting) -> install(starting, sessions), Set.of());
        ErrorPage failure = new ErrorPage();
        failure.setLocation(ShopServlet.ERROR_PAGE);
        context.addErrorPage(failure);
    }

    private static void install(ServletContext context, Sessions sessions) {
        GenieSessions.install(context, sessions);
        context.addFilter("headers", new SecurityHeaders())
                .addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ERROR), true, "/*");
        context.addServlet("shop", new ShopServlet()).addMapping("/");
    }

    /** Returns the port the shop listens on. */
    int port() {
        return tomcat.getConnector().getLocalPort();
    }

    /** Returns where the shop is. */
    String url() {
        return "http://localhost:" + port() + "/";
    }

    /** Lets running requests end, stops the server and closes the sessions. A second call does nothing. */
    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            System.getLogger(Shop.class.getName())
                    .log(System.Logger.Level.WARNING, "The server did not stop cleanly", e);
        } finally {
            sessions.close();
        }
    }

    // ---- settings of the shop itself

    private static int chosenPort() {
        String port = System.getProperty("port", "8080");
        try {
            int number = Integer.parseInt(port);
            if (number >= 0 && number <= 65_535) {
                return number;
            }
        } catch (NumberFormatException e) {
            // The same answer as for a number that is none of a port.
        }
        throw new ShopException("-Dport=" + port + " is not a port; give a number from 0 (any free port) to 65535");
    }

    /** Returns this computer's own address: without being asked, the shop is open to nobody else. */
    private static InetAddress chosenAddress() {
        String address = System.getProperty("address");
        try {
            return address == null ? InetAddress.getLoopbackAddress() : InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new ShopException("-Daddress=" + address + " is not an address of this computer");
        }
    }

    private static boolean isAddressInUse(@Nullable Throwable failure) {
        return failure != null && (failure instanceof BindException || isAddressInUse(failure.getCause()));
    }

    /** Keeps the log of Tomcat, the connection pool and the migration to what somebody should read. */
    private static void readLoggingConfiguration() {
        if (System.getProperty("java.util.logging.config.file") != null) {
            return;
        }
        try (InputStream configuration = Shop.class.getResourceAsStream("logging.properties")) {
            LogManager.getLogManager().readConfiguration(configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server could not be started. The message says how to mend it. */
    static final class ShopException extends RuntimeException {
        private static final long serialVersionUID = 1;

        ShopException(String message) {
            super(message);
        }
    }
}
