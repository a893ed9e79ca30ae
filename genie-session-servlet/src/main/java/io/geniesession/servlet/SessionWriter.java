package io.geniesession.servlet;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Tells the response what is about to be written. As thread-safe as the container's writer. */
final class SessionWriter extends PrintWriter {

    private final PrintWriter container;
    private final SessionResponse response;
    private final boolean utf8;
    private final int bytesPerChar;

    SessionWriter(PrintWriter container, SessionResponse response, String encoding) {
        super(container);
        this.container = container;
        this.response = response;
        Charset charset = Charset.forName(encoding);
        this.utf8 = charset.equals(StandardCharsets.UTF_8);
        this.bytesPerChar =
                charset.canEncode() ? (int) Math.ceil(charset.newEncoder().maxBytesPerChar()) : 1;
    }

    @Override
    public void write(int character) {
        response.beforeWrite(utf8 ? length((char) character) : bytesPerChar);
        container.write(character);
    }

    @Override
    public void write(char[] text, int offset, int length) {
        long bytes = 0;
        if (utf8) {
            for (int i = offset; i < offset + length; i++) {
                bytes += length(text[i]);
            }
        } else {
            bytes = (long) length * bytesPerChar;
        }
        response.beforeWrite(bytes);
        container.write(text, offset, length);
    }

    @Override
    public void write(char[] text) {
        write(text, 0, text.length);
    }

    @Override
    public void write(String text, int offset, int length) {
        long bytes = 0;
        if (utf8) {
            for (int i = offset; i < offset + length; i++) {
                bytes += length(text.charAt(i));
            }
        } else {
            bytes = (long) length * bytesPerChar;
        }
        response.beforeWrite(bytes);
        container.write(text, offset, length);
    }

    @Override
    public void write(String text) {
        write(text, 0, text.length());
    }

    /** Two characters of a pair count one too many each. */
    private static int length(char character) {
        return character < 0x80 ? 1 : character < 0x800 ? 2 : 3;
    }

    /** The container knows its own line ends. */
    @Override
    public void println() {
        response.beforeWrite(2);
        container.println();
    }

    @Override
    public void flush() {
        response.beforeFlush();
        container.flush();
    }

    @Override
    public void close() {
        response.beforeClose();
        container.close();
    }

    @Override
    public boolean checkError() {
        response.beforeFlush();
        return container.checkError();
    }
}
