package io.geniesession.secretwatch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/** Passes output on, and looks at each line of it. */
final class LineWatch extends OutputStream {
    private final PrintStream target;
    private final String name;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    LineWatch(PrintStream target, String name) {
        this.target = target;
        this.name = name;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        target.write(bytes, offset, length);
        synchronized (line) {
            for (int i = offset; i < offset + length; i++) {
                if (bytes[i] == '\n') {
                    lookAtLine();
                } else {
                    line.write(bytes[i]);
                }
            }
        }
    }

    private void lookAtLine() {
        SecretWatch.look(name, line.toString(Charset.defaultCharset()));
        line.reset();
    }

    @Override
    public void flush() throws IOException {
        target.flush();
    }
}
