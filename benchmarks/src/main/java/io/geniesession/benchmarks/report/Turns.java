package io.geniesession.benchmarks.report;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets forks that run at the same time measure one after the other: everybody's first iteration, then everybody's second, every
 * other time the other way round. A fork asks before an iteration, waits, and says when it is over; all of them have asked
 * before the first one begins. Those that end earlier are not waited for. Safe for use by several threads.
 */
final class Turns implements Closeable {
    /** The system property that tells a fork where to ask. */
    static final String PORT = "genie.benchmarks.turns.port";

    /** The system property that tells a fork who it is. */
    static final String PLACE = "genie.benchmarks.turns.place";

    private static final int POLL_MILLIS = 100;

    private final int participants;
    private final ServerSocket entrance;
    private final Set<Integer> ended = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Participant> present = new TreeMap<>();

    private Turns(int participants, ServerSocket entrance) {
        this.participants = participants;
        this.entrance = entrance;
    }

    /** Waits for this many forks, whose places count from 0. */
    static Turns among(int participants) {
        try {
            ServerSocket entrance = new ServerSocket();
            entrance.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            entrance.setSoTimeout(POLL_MILLIS);
            Turns turns = new Turns(participants, entrance);
            Thread thread = new Thread(turns::grant, "turns");
            thread.setDaemon(true);
            thread.start();
            return turns;
        } catch (IOException e) {
            throw new UncheckedIOException("No port to listen on", e);
        }
    }

    int port() {
        return entrance.getLocalPort();
    }

    /** A fork has ended; it may never have asked. */
    void ended(int place) {
        ended.add(place);
    }

    private void grant() {
        try {
            awaitAll();
            for (boolean backwards = false; !present.isEmpty(); backwards = !backwards) {
                List<Participant> order = new ArrayList<>(present.values());
                order.forEach(participant -> keepIf(participant, participant.asks()));
                if (backwards) {
                    Collections.reverse(order);
                }
                order.stream()
                        .filter(present::containsValue)
                        .forEach(participant -> keepIf(participant, participant.takesTurn()));
            }
        } catch (IOException e) {
            if (!entrance.isClosed()) {
                throw new UncheckedIOException("Nobody can be told that it is their turn", e);
            }
        }
    }

    private void awaitAll() throws IOException {
        Set<Integer> known = new HashSet<>();
        while (known.size() < participants) {
            try {
                Participant participant = Participant.at(entrance.accept());
                present.put(participant.place(), participant);
                known.add(participant.place());
            } catch (SocketTimeoutException e) {
                known.addAll(ended);
            }
        }
    }

    private void keepIf(Participant participant, boolean stays) {
        if (!stays) {
            present.remove(participant.place());
        }
    }

    @Override
    public void close() throws IOException {
        entrance.close();
    }

    private record Participant(int place, Socket socket, DataInputStream in) {
        static Participant at(Socket socket) throws IOException {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            return new Participant(in.readInt(), socket, in);
        }

        /** Waits until it asks for a turn; false if it has left instead. */
        boolean asks() {
            try {
                return in.read() >= 0;
            } catch (IOException e) {
                return false;
            }
        }

        /** Lets it go and waits until it is done; false if it has left. */
        boolean takesTurn() {
            try {
                socket.getOutputStream().write(1);
                return in.read() >= 0;
            } catch (IOException e) {
                return false;
            }
        }
    }
}
