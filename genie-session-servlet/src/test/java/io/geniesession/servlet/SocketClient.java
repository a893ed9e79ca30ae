package io.geniesession.servlet;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client's end of a WebSocket, over which messages and answers take turns. */
final class SocketClient implements AutoCloseable {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final WebSocket socket;

    SocketClient(URI address, @Nullable String cookie) {
        WebSocket.Builder builder = CLIENT.newWebSocketBuilder();
        if (cookie != null) {
            builder.header("Cookie", cookie);
        }
        socket = builder.buildAsync(address, new Receiver())
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    /** Answers here are short, so each comes in one piece. */
    private final class Receiver implements WebSocket.Listener {

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
            received.add(text.toString());
            from.request(1);
            return null;
        }
    }

    /** Sends a message and returns the answer. */
    String ask(String message) {
        socket.sendText(message, true).join();
        try {
            String text = received.poll(20, TimeUnit.SECONDS);
            if (text == null) {
                throw new IllegalStateException("No answer came");
            }
            return text;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }
}
