package io.geniesession.internal;

import io.geniesession.SessionConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds and reads a properties file on the class path. */
final class SettingsFile {

    private SettingsFile() {}

    /** Returns the only file of this name, or null if there is none. */
    static @Nullable URL find(ClassLoader classLoader, String name) {
        List<URL> found = all(classLoader, name);
        if (found.size() > 1) {
            throw new SessionConfigException("The class path has " + found.size() + " files called " + name + ": "
                    + String.join(", ", found.stream().map(URL::toExternalForm).toList())
                    + ". Keep one: which of them counts would depend on the order of the class path.");
        }
        return found.isEmpty() ? null : found.get(0);
    }

    /** Drops what several class loaders report twice; compares texts, since comparing URLs asks the network. */
    private static List<URL> all(ClassLoader classLoader, String name) {
        try {
            Map<String, URL> distinct = new LinkedHashMap<>();
            Collections.list(classLoader.getResources(name)).forEach(url -> distinct.put(url.toExternalForm(), url));
            return List.copyOf(distinct.values());
        } catch (IOException e) {
            throw new SessionConfigException(
                    "The class path could not be searched for " + name + ": " + e.getMessage());
        }
    }

    static Map<String, String> read(URL file) {
        Map<String, String> values = new TreeMap<>();
        SortedSet<String> repeated = new TreeSet<>();
        Properties properties = new Properties() {
            private static final long serialVersionUID = 1L;

            @Override
            public synchronized @Nullable Object put(Object key, Object value) {
                if (values.put((String) key, (String) value) != null) {
                    repeated.add((String) key);
                }
                return super.put(key, value);
            }
        };
        try {
            properties.load(new StringReader(text(file)));
        } catch (CharacterCodingException e) {
            throw new SessionConfigException("The file " + file + " is not UTF-8. Save it in this encoding.");
        } catch (IOException | IllegalArgumentException e) {
            // IllegalArgumentException: an incomplete backslash-u escape.
            throw new SessionConfigException("The file " + file + " could not be read: " + e.getMessage());
        }
        if (!repeated.isEmpty()) {
            throw new SessionConfigException("The file " + file + " sets more than once: " + String.join(", ", repeated)
                    + ". Keep one line of each.");
        }
        return values;
    }

    private static String text(URL file) throws IOException {
        URLConnection connection = file.openConnection();
        // A cached connection would keep the jar open, and locked on Windows, after the application is gone.
        connection.setUseCaches(false);
        try (InputStream in = connection.getInputStream()) {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(in.readAllBytes()))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        }
    }
}
