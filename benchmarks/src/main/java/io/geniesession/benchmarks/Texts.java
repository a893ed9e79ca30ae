package io.geniesession.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Names and texts as bytes, the plainest way: the number of pairs, then the length and the bytes of each. */
final class Texts {
    private Texts() {}

    static byte[] encode(Map<String, String> texts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeInt(texts.size());
            for (Map.Entry<String, String> text : texts.entrySet()) {
                write(out, text.getKey());
                write(out, text.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static Map<String, String> decode(byte[] encoded) {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded));
        try {
            int count = in.readInt();
            Map<String, String> texts = new HashMap<>(count * 2);
            for (int i = 0; i < count; i++) {
                texts.put(read(in), read(in));
            }
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), UTF_8);
    }

    /** Returns the text of this name without decoding the others. */
    static String find(byte[] encoded, String name) {
        byte[] wanted = name.getBytes(UTF_8);
        ByteBuffer in = ByteBuffer.wrap(encoded);
        int count = in.getInt();
        for (int i = 0; i < count; i++) {
            int start = skip(in);
            boolean found = Arrays.equals(encoded, start, in.position(), wanted, 0, wanted.length);
            int text = skip(in);
            if (found) {
                return new String(encoded, text, in.position() - text, UTF_8);
            }
        }
        throw new IllegalStateException("There is no attribute " + name);
    }

    /** Moves behind the next bytes and returns where they begin. */
    private static int skip(ByteBuffer in) {
        int length = in.getInt();
        int start = in.position();
        in.position(start + length);
        return start;
    }
}
