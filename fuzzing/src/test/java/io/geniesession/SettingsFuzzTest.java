package io.geniesession;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.geniesession.internal.SettingsLoader;
import io.geniesession.spi.CoreSettings;
import io.geniesession.spi.Setting;
import io.geniesession.spi.Settings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Whatever is written as a setting is a configuration, or fails with the one exception that says why. */
class SettingsFuzzTest {
    private static final String SECRET = "0123-hunter2-4567";
    private static final Setting<String> PASSWORD =
            Setting.secret("genie.session.fuzz.password", "A password.").withPattern("[a-z]*", "letters");
    private static final List<Setting<?>> SETTINGS = settings();

    private static List<Setting<?>> settings() {
        List<Setting<?>> all = new ArrayList<>(CoreSettings.all());
        all.add(PASSWORD);
        return List.copyOf(all);
    }

    @FuzzTest(maxDuration = "5m")
    void anyFile(byte[] file) {
        configure(loader -> loader.classLoader(new OneFile(file)), false);
    }

    /** A line for each value: the number of its setting as one char, then the text. */
    @FuzzTest(maxDuration = "5m")
    void anyValues(byte[] lines) {
        Map<String, String> values = new HashMap<>();
        Map<String, String> variables = new HashMap<>();
        for (String line : new String(lines, StandardCharsets.UTF_8).split("\n", -1)) {
            if (!line.isEmpty()) {
                Setting<?> setting = SETTINGS.get(line.charAt(0) % SETTINGS.size());
                values.put(setting.name(), line.substring(1));
                variables.put("GENIE_SESSION_" + line, line.substring(1));
            }
        }
        configure(loader -> loader.systemProperties(values), false);
        configure(loader -> loader.environment(values(values)), false);
        configure(loader -> loader.environment(variables), false);
        boolean isElsewhere = values.values().stream().anyMatch(value -> value.contains(SECRET));
        values.put(PASSWORD.name(), SECRET);
        configure(loader -> loader.contextParameters(values), !isElsewhere);
    }

    private static Map<String, String> values(Map<String, String> byName) {
        Map<String, String> byVariable = new HashMap<>();
        SETTINGS.forEach(setting -> {
            if (byName.containsKey(setting.name())) {
                byVariable.put(setting.environmentName(), byName.get(setting.name()));
            }
        });
        return byVariable;
    }

    private static void configure(UnaryOperator<SettingsLoader> source, boolean isSecretSet) {
        String said;
        try {
            Settings settings = source.apply(SettingsLoader.ofNothing(SETTINGS)).load();
            said = SessionConfig.from(settings) + " " + settings;
        } catch (SessionConfigException e) {
            said = e.getMessage();
            assertThat(said).isNotBlank();
        }
        if (isSecretSet) {
            assertThat(said).doesNotContain(SECRET);
        }
    }

    /** Finds the same bytes as a file of any name. */
    private static final class OneFile extends ClassLoader {
        private final byte[] content;

        OneFile(byte[] content) {
            super(null);
            this.content = content;
        }

        @Override
        protected Enumeration<URL> findResources(String name) throws IOException {
            return Collections.enumeration(List.of(url(name)));
        }

        @SuppressWarnings("deprecation") // there is no other way to give a handler
        private URL url(String name) throws MalformedURLException {
            return new URL("bytes", "", -1, name, new URLStreamHandler() {
                @Override
                protected URLConnection openConnection(URL url) {
                    return new URLConnection(url) {
                        @Override
                        public void connect() {}

                        @Override
                        public InputStream getInputStream() {
                            return new ByteArrayInputStream(content);
                        }
                    };
                }
            });
        }
    }
}
