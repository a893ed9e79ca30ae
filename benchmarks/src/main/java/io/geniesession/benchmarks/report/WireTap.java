package io.geniesession.benchmarks.report;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between a driver and PostgreSQL on the loopback interface and counts what the driver sends.
 *
 * <p>A round trip is a message that the server answers with {@code ReadyForQuery}, for which the driver waits: {@code Sync} of
 * the extended protocol or a simple {@code Query}. A statement is an {@code Execute} or a simple {@code Query}, so
 * {@code BEGIN} and {@code COMMIT} count, even where they share a round trip. (PostgreSQL, "Frontend/Backend Protocol", section
 * "Message Flow".) Messages are counted before they are passed on: whoever has an answer finds its question counted.
 *
 * <p>Safe for use by several threads.
 */
final class WireTap implements Closeable {
    private static final int SSL_REQUEST = 80_877_103;
    private static final int GSS_ENCRYPTION_REQUEST = 80_877_104;
    private static final int LENGTH = 4;

    private final int server;
    private final ServerSocket entrance;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong roundTrips = new AtomicLong();
    private final AtomicLong statements = new AtomicLong();

    private WireTap(int server, ServerSocket entrance) {
        this.server = server;
        this.entrance = entrance;
    }

    /** Listens on a free port for drivers that want to speak with the server on this one. */
    static WireTap before(int server) throws IOException {
        ServerSocket entrance = new ServerSocket();
        entrance.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        WireTap tap = new WireTap(server, entrance);
        start("entrance", tap::accept);
        return tap;
    }

    int port() {
        return entrance.getLocalPort();
    }

    /** How many connections were opened so far. */
    long connections() {
        return connections.get();
    }

    /** How many round trips were begun so far. */
    long roundTrips() {
        return roundTrips.get();
    }

    /** How many statements were sent so far. */
    long statements() {
        return statements.get();
    }

    private void accept() throws IOException {
        while (!entrance.isClosed()) {
            Socket driver = entrance.accept();
            Socket database = new Socket(InetAddress.getLoopbackAddress(), server);
            driver.setTcpNoDelay(true);
            database.setTcpNoDelay(true);
            sockets.add(driver);
            sockets.add(database);
            connections.incrementAndGet();
            start("questions", () -> passQuestions(driver, database));
            start("answers", () -> passAnswers(database, driver));
        }
    }

    private void passQuestions(Socket driver, Socket database) throws IOException {
        try (driver;
                database) {
            DataInputStream in = new DataInputStream(driver.getInputStream());
            OutputStream out = database.getOutputStream();
            passStart(in, out);
            while (true) {
                int type = in.readUnsignedByte();
                byte[] message = message(in, type);
                count(type);
                out.write(message);
                out.flush();
            }
        } catch (EOFException e) {
            // The driver has gone.
        }
    }

    /** The first message has no type, and neither have the ones that ask for encryption before it. */
    private static void passStart(DataInputStream in, OutputStream out) throws IOException {
        int code;
        do {
            int length = in.readInt();
            code = in.readInt();
            byte[] rest = in.readNBytes(length - 2 * LENGTH);
            out.write(bytes(length));
            out.write(bytes(code));
            out.write(rest);
            out.flush();
        } while (code == SSL_REQUEST || code == GSS_ENCRYPTION_REQUEST);
    }

    private static byte[] message(DataInputStream in, int type) throws IOException {
        int length = in.readInt();
        byte[] message = new byte[1 + length];
        message[0] = (byte) type;
        System.arraycopy(bytes(length), 0, message, 1, LENGTH);
        in.readFully(message, 1 + LENGTH, length - LENGTH);
        return message;
    }

    private void count(int type) {
        if (type == 'S' || type == 'Q') {
            roundTrips.incrementAndGet();
        }
        if (type == 'E' || type == 'Q') {
            statements.incrementAndGet();
        }
    }

    private static void passAnswers(Socket database, Socket driver) throws IOException {
        try (database;
                driver) {
            InputStream in = database.getInputStream();
            in.transferTo(driver.getOutputStream());
        }
    }

    private static byte[] bytes(int number) {
        return new byte[] {(byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number};
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private static void start(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (SocketException e) {
                        // Closed, by the driver, the server or the end of the count.
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                "wire-tap-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private interface Task {
        void run() throws IOException;
    }
}
