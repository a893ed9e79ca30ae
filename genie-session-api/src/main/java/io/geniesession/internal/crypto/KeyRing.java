package io.geniesession.internal.crypto;

import io.geniesession.SessionConfigException;
import io.geniesession.SessionStoreException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checked keys by their ids, and the one that is used from now on. Holds not the keys themselves but what HKDF extracts from
 * them, so that the same key in another ring is another key.
 *
 * <p>Safe for use by several threads.
 */
public final class KeyRing {
    /** The name that stands for no key where one is to be named. */
    public static final String NONE = "none";

    /** Bytes of a key. */
    static final int KEY_LENGTH = 32;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,16}");

    /** Of 32 random bytes fewer are distinct once in 10^15 keys. */
    private static final int MIN_DISTINCT = 16;

    private final Map<String, byte[]> extracted;
    private final @Nullable String active;

    /** Whoever derives reads, whoever wipes writes. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    /** Guarded by the lock. */
    private boolean closed;

    private KeyRing(Map<String, byte[]> extracted, @Nullable String active) {
        this.extracted = extracted;
        this.active = active;
    }

    /**
     * Checks keys and takes them.
     *
     * @param keys the keys by id, in their order; wiped before this returns or throws
     * @param purpose what they are for: rings of different purposes have nothing in common
     * @param source where the keys come from, for messages
     * @param active what the setting says about the key to use, if anything
     * @param activeSetting the name of that setting, for messages
     * @throws SessionConfigException if an id or a key is not fit, or no key or an unknown one is named as active
     */
    static KeyRing of(
            Map<String, byte[]> keys, String purpose, String source, Optional<String> active, String activeSetting) {
        try {
            check(keys, source);
            String chosen = active.orElseGet(() -> onlyOne(keys.keySet(), source, activeSetting));
            if (!chosen.equals(NONE) && !keys.containsKey(chosen)) {
                throw new SessionConfigException(activeSetting + " names the key \"" + chosen + "\", but " + source
                        + " has only " + keys.keySet() + ". Correct the name, or add the key");
            }
            Map<String, byte[]> extracted = new LinkedHashMap<>();
            keys.forEach((id, key) -> extracted.put(id, Hkdf.extract(Bytes.ascii(purpose), key)));
            return new KeyRing(extracted, chosen.equals(NONE) ? null : chosen);
        } finally {
            keys.values().forEach(key -> Arrays.fill(key, (byte) 0));
        }
    }

    private static String onlyOne(Set<String> ids, String source, String activeSetting) {
        if (ids.size() != 1) {
            throw new SessionConfigException(
                    source + " has the keys " + ids + "; name the one to use from now on in " + activeSetting);
        }
        return ids.iterator().next();
    }

    private static void check(Map<String, byte[]> keys, String source) {
        Set<List<Byte>> seen = new HashSet<>();
        keys.forEach((id, key) -> {
            checkId(id, source);
            checkKey(id, key, source);
            if (!seen.add(boxed(key))) {
                throw new SessionConfigException(source + " has one key under two ids, one of them \"" + id
                        + "\". Give each id a key of its own");
            }
        });
    }

    static boolean isId(String text) {
        return ID.matcher(text).matches() && !text.equalsIgnoreCase(NONE);
    }

    private static void checkId(String id, String source) {
        if (!isId(id)) {
            throw new SessionConfigException("A key of " + source + " has an id that is not fit: it must have 1 to 16"
                    + " letters, digits, `.`, `_` or `-`, and not be \"" + NONE
                    + "\". Write each entry as id:key, such as 2026a:… with the key in base64");
        }
    }

    private static void checkKey(String id, byte[] key, String source) {
        String which = "The key \"" + id + "\" of " + source;
        if (key.length != KEY_LENGTH) {
            throw new SessionConfigException(
                    which + " has " + key.length + " bytes, but must have " + KEY_LENGTH + ". " + HOW_TO_MAKE_ONE);
        }
        if (isText(key) || boxedSet(key).size() < MIN_DISTINCT) {
            throw new SessionConfigException(
                    which + " is not random: it is a text or a pattern, which can be guessed. " + HOW_TO_MAKE_ONE);
        }
    }

    static final String HOW_TO_MAKE_ONE = "Make one with: openssl rand -base64 32";

    private static boolean isText(byte[] key) {
        for (byte each : key) {
            if (each < ' ' || each > '~') {
                return false;
            }
        }
        return true;
    }

    private static List<Byte> boxed(byte[] key) {
        List<Byte> bytes = new ArrayList<>(key.length);
        for (byte each : key) {
            bytes.add(each);
        }
        return bytes;
    }

    private static Set<Byte> boxedSet(byte[] key) {
        return new HashSet<>(boxed(key));
    }

    /** The id of the key to use from now on, or null: none. */
    @Nullable
    String active() {
        return active;
    }

    /** The ids of all keys, in their order. */
    List<String> ids() {
        return List.copyOf(extracted.keySet());
    }

    boolean has(String id) {
        return extracted.containsKey(id);
    }

    /**
     * Makes a key of 32 bytes for one use.
     *
     * @throws SessionStoreException if the keys are wiped
     */
    byte[] derive(String id, byte[] info) {
        byte[] key = extracted.get(id);
        if (key == null) {
            throw new IllegalArgumentException("no key " + id);
        }
        lock.readLock().lock();
        try {
            if (closed) {
                throw new SessionStoreException(
                        "The session store is closed, and its keys are wiped.", null, false, null);
            }
            return Hkdf.expand(key, info, KEY_LENGTH);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Wipes the keys. A second call does nothing. */
    void close() {
        lock.writeLock().lock();
        try {
            closed = true;
            extracted.values().forEach(key -> Arrays.fill(key, (byte) 0));
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Names the ids and no key. */
    @Override
    public String toString() {
        return "KeyRing[" + extracted.keySet() + ", active=" + (active == null ? NONE : active) + "]";
    }
}
