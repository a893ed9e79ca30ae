package io.geniesession.internal.crypto;

import io.geniesession.SessionConfig;
import io.geniesession.SessionConfigException;
import io.geniesession.spi.CoreSettings;
import io.geniesession.spi.KeySource;
import io.geniesession.spi.Setting;
import io.geniesession.spi.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the keys that settings, files or a {@link KeySource} name. */
public final class KeyRings {
    private static final long MAX_FILE = 1 << 20;
    private static final Pattern LIKE_A_KEY = Pattern.compile(":\\s*[A-Za-z0-9+/_-]{40}");

    private final Settings settings;
    private final @Nullable KeySource source;

    /**
     * Prepares to find keys.
     *
     * @param settings what names them
     * @param source where else they may come from; null: what {@code loader} finds
     * @param loader finds sources
     * @throws SessionConfigException if several sources are found, or one cannot be made
     */
    public KeyRings(Settings settings, @Nullable KeySource source, ClassLoader loader) {
        this.settings = settings;
        this.source = source != null ? source : found(loader);
    }

    private static @Nullable KeySource found(ClassLoader loader) {
        List<KeySource> sources = new ArrayList<>();
        try {
            ServiceLoader.load(KeySource.class, loader).forEach(sources::add);
        } catch (ServiceConfigurationError e) {
            throw new SessionConfigException(
                    "A source of keys that the class path declares cannot be used: " + e.getMessage(), e);
        }
        if (sources.size() > 1) {
            throw new SessionConfigException("Several sources of keys are on the class path: "
                    + sources.stream().map(each -> each.getClass().getName()).toList()
                    + ". Remove all but one, or give one to Sessions.builder().keySource()");
        }
        return sources.isEmpty() ? null : sources.get(0);
    }

    /** Returns the cipher of values. */
    public ValueCipher valueCipher() {
        Optional<KeyRing> ring = ring(
                CoreSettings.ENCRYPTION_KEYS,
                CoreSettings.ENCRYPTION_KEYS_FILE,
                CoreSettings.ENCRYPTION_KEY,
                KeySource::encryptionKeys,
                "genie-session values");
        boolean refuse = settings.get(CoreSettings.ENCRYPTION_UNENCRYPTED) == SessionConfig.Unprotected.REFUSE;
        if (refuse && ring.filter(keys -> keys.active() != null).isEmpty()) {
            throw new SessionConfigException(CoreSettings.ENCRYPTION_UNENCRYPTED + "=refuse ("
                    + settings.origin(CoreSettings.ENCRYPTION_UNENCRYPTED)
                    + ") makes every value unreadable, because no key is in use. Set " + CoreSettings.ENCRYPTION_KEYS
                    + " and " + CoreSettings.ENCRYPTION_KEY + ", or remove it");
        }
        return ValueCipher.of(ring, !refuse);
    }

    /** Returns the digests of ids. */
    public IdDigests idDigests() {
        Optional<KeyRing> ring = ring(
                CoreSettings.ID_DIGEST_KEYS,
                CoreSettings.ID_DIGEST_KEYS_FILE,
                CoreSettings.ID_DIGEST_KEY,
                KeySource::idDigestKeys,
                "genie-session ids");
        boolean refuse = settings.get(CoreSettings.ID_DIGEST_UNKEYED) == SessionConfig.Unprotected.REFUSE;
        if (refuse && ring.filter(keys -> keys.active() != null).isEmpty()) {
            throw new SessionConfigException(CoreSettings.ID_DIGEST_UNKEYED + "=refuse ("
                    + settings.origin(CoreSettings.ID_DIGEST_UNKEYED)
                    + ") makes every session unknown, because no key is in use. Set " + CoreSettings.ID_DIGEST_KEYS
                    + " and " + CoreSettings.ID_DIGEST_KEY + ", or remove it");
        }
        return IdDigests.of(ring, !refuse);
    }

    private Optional<KeyRing> ring(
            Setting<String> keys,
            Setting<String> file,
            Setting<String> active,
            Function<KeySource, Map<String, byte[]>> fromSource,
            String purpose) {
        Map<String, Map<String, byte[]>> found = new LinkedHashMap<>();
        settings.find(keys).ifPresent(text -> add(KeyText.read(text, of(keys)), of(keys), found));
        settings.find(file).ifPresent(path -> add(KeyText.read(content(file, path), of(file)), of(file), found));
        if (source != null) {
            Map<String, byte[]> more = fromSource.apply(source);
            if (!more.isEmpty()) {
                found.put(source.getClass().getName(), new LinkedHashMap<>(more));
            }
        }
        if (found.size() > 1) {
            throw new SessionConfigException("Keys come from several places: " + String.join(" and ", found.keySet())
                    + ". Keep one, so that it is clear which keys are in use");
        }
        if (found.isEmpty()) {
            requireUnnamed(active, keys);
            return Optional.empty();
        }
        Map.Entry<String, Map<String, byte[]>> only =
                found.entrySet().iterator().next();
        return Optional.of(KeyRing.of(only.getValue(), purpose, only.getKey(), settings.find(active), of(active)));
    }

    private String of(Setting<?> setting) {
        return setting.name() + " (" + settings.origin(setting) + ")";
    }

    private static void add(Map<String, byte[]> keys, String from, Map<String, Map<String, byte[]>> found) {
        if (keys.isEmpty()) {
            throw new SessionConfigException(
                    from + " has no key. Write id:key, such as 2026a:… with the key in base64, or"
                            + " remove the setting. " + KeyRing.HOW_TO_MAKE_ONE);
        }
        found.put(from, keys);
    }

    private void requireUnnamed(Setting<String> active, Setting<String> keys) {
        settings.find(active).filter(name -> !name.equals(KeyRing.NONE)).ifPresent(name -> {
            throw new SessionConfigException(of(active) + " names the key \"" + name + "\", but there are no keys. Set "
                    + keys + ", or remove the name");
        });
    }

    private String content(Setting<String> file, String path) {
        try {
            Path where = Path.of(path);
            if (Files.size(where) > MAX_FILE) {
                throw new SessionConfigException(of(file) + " is larger than 1 MB, so it holds no keys: " + path);
            }
            return Files.readString(where);
        } catch (IOException | InvalidPathException e) {
            throw new SessionConfigException(
                    of(file) + " cannot be read: " + shown(path)
                            + ". It must be a file in UTF-8 with one entry of the form"
                            + " id:key in each line, and readable by this process",
                    e);
        }
    }

    /** Somebody may have put the keys where their file belongs. */
    private static String shown(String path) {
        return LIKE_A_KEY.matcher(path).find() ? "(not shown, it looks like a key)" : path;
    }
}
