package io.geniesession.jdbc;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a driver and PostgreSQL on the loopback interface, knows where a message of either side ends, and does harm
 * at a chosen one. (PostgreSQL, "Frontend/Backend Protocol", section "Message Formats".) Speaks no TLS: {@code sslmode=disable}.
 *
 * <p>Safe for use by several threads.
 */
final class FaultProxy implements AutoCloseable {

    /** What happens instead of passing a message on. */
    enum Fault {
        /** It comes late, but within every timeout. */
        DELAY,
        /** The connection is closed before it. */
        CUT,
        /** The connection is reset before it. */
        RESET,
        /** The connection is closed after its first half. */
        TRUNCATE,
        /** All connections are closed, and new ones as soon as they are opened, until the proxy is healed. */
        DOWN,
        /** It and everything after it, on new connections too, vanishes without a sign until the proxy is healed. */
        BLACKHOLE,
        /** The same, after its first half. */
        STALL,
        /** As a black hole for the driver; but what it sent arrives when the proxy is healed. */
        LATE;

        boolean isSilent() {
            return this == BLACKHOLE || this == STALL || this == LATE;
        }
    }

    /** The first message of a connection has no type of its own. */
    static final char START = '^';

    /** What a statement that stores changes has and no other. */
    private static final Pattern CHANGE = Pattern.compile("\\bversion = (\\w+\\.)?version \\+");

    private static final Duration DELAY = Duration.ofMillis(20);
    private static final int LENGTH = 4;

    /** A fault that waits for its message. */
    private static final class Plan {
        private final Fault fault;
        private final BiPredicate<Integer, String> place;
        private int seen;

        Plan(Fault fault, BiPredicate<Integer, String> place) {
            this.fault = fault;
            this.place = place;
        }

        synchronized boolean strikes(String message) {
            return place.test(seen++, message);
        }
    }

    private final int server;
    private final ServerSocket entrance;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final Set<Socket> ignored = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Plan> plan = new AtomicReference<>();
    private final AtomicInteger writes = new AtomicInteger();
    private volatile @Nullable String struckAt;

    /** What is done to everything, new connections among it. */
    private volatile @Nullable Fault lasting;

    private FaultProxy(int server, ServerSocket entrance) {
        this.server = server;
        this.entrance = entrance;
    }

    /** Listens on a free port for drivers that want to speak with the server on this one. */
    static FaultProxy before(int server) throws IOException {
        FaultProxy proxy = new FaultProxy(server, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        start(proxy::accept);
        return proxy;
    }

    int port() {
        return entrance.getLocalPort();
    }

    /** Does harm at the message of this number, from 0, counted from now on over all connections. */
    void arm(Fault fault, int step) {
        arm(fault, (number, message) -> number == step);
    }

    /** Does harm at the first message of this kind: {@code >E} is an Execute of the driver, {@code <C} a CommandComplete. */
    void arm(Fault fault, String kind) {
        arm(fault, (number, message) -> message.equals(kind));
    }

    private void arm(Fault fault, BiPredicate<Integer, String> place) {
        writes.set(0);
        struckAt = null;
        plan.set(new Plan(fault, place));
    }

    /** Does harm at once, to everything, until healed. */
    void inflict(Fault fault) {
        lasting = fault;
        if (!fault.isSilent()) {
            links.forEach(Link::close);
        }
    }

    /** Closes every connection there is; new ones work. */
    void disconnect() {
        links.forEach(Link::close);
    }

    /** Returns the kind of the message at which harm was done, or null. */
    @Nullable
    String struckAt() {
        return struckAt;
    }

    /** How often the driver has sent a statement that changes a session, since the proxy was armed. */
    int writes() {
        return writes.get();
    }

    /** Passes on everything from now on. What was held back of late connections arrives; those that lost something are dead. */
    void heal() {
        plan.set(null);
        lasting = null;
        ignored.forEach(FaultProxy::closed);
        ignored.clear();
        links.forEach(Link::heal);
    }

    /** Tells whether nothing is under way any more on connections that harm was done to. */
    boolean isQuiet() {
        return links.stream().noneMatch(link -> link.fault != null);
    }

    private void accept() throws IOException {
        while (!entrance.isClosed()) {
            Socket driver = entrance.accept();
            Fault now = lasting;
            if (now == null) {
                new Link(driver, new Socket(InetAddress.getLoopbackAddress(), server)).start();
            } else if (now.isSilent()) {
                ignored.add(driver);
            } else {
                driver.close();
            }
        }
    }

    /** One connection. */
    private final class Link {
        private final Socket driver;
        private final Socket database;

        /** Statements by their name on the server: whether they change a session. Used by the thread of the driver's side. */
        private final Map<String, Boolean> statements = new ConcurrentHashMap<>();

        private boolean bound;

        /** What the driver sent after it was cut off. Guarded by this. */
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();

        private volatile @Nullable Fault fault;

        Link(Socket driver, Socket database) throws IOException {
            this.driver = driver;
            this.database = database;
            driver.setTcpNoDelay(true);
            database.setTcpNoDelay(true);
        }

        void start() {
            links.add(this);
            FaultProxy.start(this::passQuestions);
            FaultProxy.start(this::passAnswers);
        }

        private void passQuestions() throws IOException {
            DataInputStream in = new DataInputStream(driver.getInputStream());
            OutputStream out = database.getOutputStream();
            try {
                pass(">" + START, untyped(in, new byte[0]), out);
                while (true) {
                    byte[] message = message(in);
                    count(message);
                    pass(">" + (char) message[0], message, out);
                }
            } finally {
                over();
            }
        }

        private void passAnswers() throws IOException {
            DataInputStream in = new DataInputStream(database.getInputStream());
            OutputStream out = driver.getOutputStream();
            try {
                while (true) {
                    byte[] message = message(in);
                    pass("<" + (char) message[0], message, out);
                }
            } finally {
                if (fault == null || lasting == null) {
                    close();
                }
            }
        }

        private void count(byte[] message) {
            switch (message[0]) {
                case 'P' ->
                    statements.put(
                            text(message, 0), CHANGE.matcher(text(message, 1)).find());
                case 'B' -> bound = statements.getOrDefault(text(message, 1), false);
                case 'E' -> writes.addAndGet(bound ? 1 : 0);
                default -> {}
            }
        }

        private void pass(String kind, byte[] message, OutputStream out) throws IOException {
            Plan current = plan.get();
            if (fault == null && lasting != null && lasting.isSilent()) {
                fault = lasting;
            }
            if (fault != null) {
                hold(kind, message);
            } else if (current != null && current.strikes(kind) && plan.compareAndSet(current, null)) {
                struckAt = kind;
                harm(current.fault, kind, message, out);
            } else {
                out.write(message);
                out.flush();
            }
        }

        private void harm(Fault now, String kind, byte[] message, OutputStream out) throws IOException {
            switch (now) {
                case DELAY -> {
                    LockSupport.parkNanos(DELAY.toNanos());
                    out.write(message);
                    out.flush();
                }
                case CUT -> close();
                case RESET -> {
                    driver.setSoLinger(true, 0);
                    database.setSoLinger(true, 0);
                    close();
                }
                case TRUNCATE -> {
                    half(message, out);
                    close();
                }
                case DOWN -> inflict(Fault.DOWN);
                case BLACKHOLE, LATE -> {
                    fault = now;
                    lasting = now;
                    hold(kind, message);
                }
                case STALL -> {
                    half(message, out);
                    fault = now;
                    lasting = now;
                }
            }
        }

        private void half(byte[] message, OutputStream out) throws IOException {
            out.write(message, 0, message.length / 2);
            out.flush();
        }

        private synchronized void hold(String kind, byte[] message) {
            if (kind.startsWith(">")) {
                held.writeBytes(message);
            }
        }

        /** The driver has gone. Nobody tells the server while nothing gets through. */
        private void over() {
            Fault now = fault;
            if (now == null || (lasting == null && now != Fault.LATE)) {
                close();
            }
        }

        synchronized void heal() {
            Fault now = fault;
            if (now == null) {
                return;
            }
            if (now == Fault.LATE) {
                deliver();
            } else {
                close();
            }
        }

        /** What the server answers finds nobody. */
        private void deliver() {
            try {
                database.getOutputStream().write(held.toByteArray());
                database.shutdownOutput();
            } catch (IOException e) {
                close();
            }
        }

        void close() {
            closed(driver);
            closed(database);
            links.remove(this);
        }
    }

    private static byte[] message(DataInputStream in) throws IOException {
        return untyped(in, new byte[] {in.readByte()});
    }

    /** Reads a length, which counts itself, and what it is the length of. */
    private static byte[] untyped(DataInputStream in, byte[] type) throws IOException {
        int length = in.readInt();
        byte[] message = new byte[type.length + length];
        System.arraycopy(type, 0, message, 0, type.length);
        for (int i = 0; i < LENGTH; i++) {
            message[type.length + i] = (byte) (length >> (8 * (LENGTH - 1 - i)));
        }
        in.readFully(message, type.length + LENGTH, length - LENGTH);
        return message;
    }

    /** Returns one of the texts, each ended by a zero, at the head of a message. */
    private static String text(byte[] message, int index) {
        int start = 1 + LENGTH;
        for (int skipped = 0; skipped < index; skipped++) {
            start = end(message, start) + 1;
        }
        return new String(message, start, end(message, start) - start, StandardCharsets.UTF_8);
    }

    private static int end(byte[] message, int start) {
        int end = start;
        while (message[end] != 0) {
            end++;
        }
        return end;
    }

    @Override
    public void close() {
        closed(entrance);
        ignored.forEach(FaultProxy::closed);
        links.forEach(Link::close);
    }

    private static void closed(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // Closed, by the driver, the server, a fault or the end of the test.
                    }
                },
                "fault-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
