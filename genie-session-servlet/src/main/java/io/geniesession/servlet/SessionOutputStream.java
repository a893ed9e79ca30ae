package io.geniesession.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Tells the response what is about to be written. As thread-safe as the container's stream. */
final class SessionOutputStream extends ServletOutputStream {

    private final ServletOutputStream out;
    private final SessionResponse response;

    SessionOutputStream(ServletOutputStream out, SessionResponse response) {
        this.out = out;
        this.response = response;
    }

    @Override
    public void write(int octet) throws IOException {
        response.beforeWrite(1);
        out.write(octet);
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        response.beforeWrite(bytes.length);
        out.write(bytes);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        response.beforeWrite(length);
        out.write(bytes, offset, length);
    }

    /** Called by applications written for Jakarta Servlet 6.1 only. */
    @Override
    public void write(ByteBuffer buffer) throws IOException {
        response.beforeWrite(buffer.remaining());
        out.write(buffer);
    }

    /** The container's own method refuses characters that the base class would let through in pieces. */
    @Override
    public void print(String text) throws IOException {
        response.beforeWrite(text == null ? 4 : text.length());
        out.print(text);
    }

    @Override
    public void flush() throws IOException {
        response.beforeFlush();
        out.flush();
    }

    @Override
    public void close() throws IOException {
        response.beforeClose();
        out.close();
    }

    @Override
    public boolean isReady() {
        return out.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
        out.setWriteListener(listener);
    }
}
