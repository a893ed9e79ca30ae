package io.geniesession.spi;

import io.geniesession.CookieConfig;
import io.geniesession.SessionConfig;
import java.time.Duration;
import java.util.List;

/**
 * The settings that every application has, whatever its adapter and binding.
 *
 * <p>The constants are immutable. Safe for use by several threads.
 */
public final class CoreSettings {

    private static final Duration TEN_YEARS = Duration.ofDays(3650);
    private static final long MEGABYTE = 1L << 20;

    /** What is wrong with an entry is said where the keys are read, without showing them. */
    private static final String KEY_ENTRIES = "(?s).*[^:,\\s]\\s*:.*";

    private static final String KEY_ENTRIES_WORDS = "one or more `id:key`";

    /** The name of the adapter to use where several are on the class path. */
    public static final Setting<String> ADAPTER = Setting.text(
                    "genie.session.adapter",
                    "Name of the adapter to use; needed only if several are on the class path.")
            .withPattern("[a-z][a-z0-9-]{0,63}", "an adapter's name, such as jdbc or memory")
            .withDerivedDefault("the only one found");

    /** The name that keeps the sessions of several applications in one store apart. */
    public static final Setting<String> APPLICATION = Setting.text(
                    "genie.session.application",
                    "Name of the application; applications that share one store see only sessions of their own name.")
            .withPattern("[A-Za-z0-9_-]{1,64}", "1 to 64 letters, digits, `_` or `-`")
            .withDefault("default");

    /** How long a session lives without an access; zero: for ever. */
    public static final Setting<Duration> IDLE_TIMEOUT = Setting.duration(
                    "genie.session.idle-timeout", "Time without an access after which a session ends; `0` = never.")
            .withDefault(Duration.ofMinutes(30))
            .withBounds(Duration.ZERO, TEN_YEARS);

    /** How long a session that nobody ever wrote to lives without an access; zero: for ever. */
    public static final Setting<Duration> EMPTY_IDLE_TIMEOUT = Setting.duration(
                    "genie.session.empty-idle-timeout",
                    "The idle timeout of a session that nobody ever wrote to, as robots leave behind; at most"
                            + " `idle-timeout`, `0` = never.")
            .withDerivedDefault("same as `idle-timeout`")
            .withBounds(Duration.ZERO, TEN_YEARS);

    /** How long a session lives at most, however active it is; zero: without limit. */
    public static final Setting<Duration> LIFETIME = Setting.duration(
                    "genie.session.lifetime",
                    "Time after its creation at which a session ends however active it is; at least"
                            + " `idle-timeout`, `0` = no limit.")
            .withDefault(Duration.ZERO)
            .withBounds(Duration.ZERO, TEN_YEARS);

    /** How stale the stored last access may get before reading writes it; zero: every request writes it. */
    public static final Setting<Duration> QUANTUM = Setting.duration(
                    "genie.session.quantum",
                    "How stale the stored last access may get before a request that only reads writes it; less"
                            + " than `idle-timeout`. Sessions live up to this much longer, never shorter; `0` = every"
                            + " request writes.")
            .withDerivedDefault("1/30 of `idle-timeout`")
            .withBounds(Duration.ZERO, Duration.ofDays(30));

    /** How many sessions one principal may have; zero: any number. */
    public static final Setting<Integer> MAX_SESSIONS_PER_PRINCIPAL = Setting.integer(
                    "genie.session.max-sessions-per-principal",
                    "Sessions that one principal may have at the same time, the oldest end first; `0` = no limit.")
            .withDefault(0)
            .withBounds(0, 100_000);

    /** What requests of one session that run at the same time on one node see of each other. */
    public static final Setting<SessionConfig.View> VIEW = Setting.choice(
                    "genie.session.view",
                    "What requests of one session see of each other while they run at the same time on one node:"
                            + " `request` = each works on a view of its own, `shared` = they have the same objects and see"
                            + " each other's changes at once, as with a container's own sessions.",
                    SessionConfig.View.class)
            .withDefault(SessionConfig.View.REQUEST);

    /** The name of the cookie. */
    public static final Setting<String> COOKIE_NAME = Setting.text(
                    "genie.session.cookie.name",
                    "Name of the cookie. `__Host-` in front demands `cookie.secure=always`, path `/` and no"
                            + " domain; `__Secure-` demands `cookie.secure=always`.")
            .withPattern(
                    "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}",
                    "1 to 128 letters, digits, `-`, `_`, `.` and what else RFC 9110 allows in a token")
            .withDefault("__geniesid");

    /** The path of the cookie; none: the binding decides. */
    public static final Setting<String> COOKIE_PATH = Setting.text("genie.session.cookie.path", "Path of the cookie.")
            .withPattern(
                    "/[\\x20-\\x7E&&[^;]]{0,1023}",
                    "a path that starts with `/`, of at most 1024 ASCII characters without `;`")
            .withDerivedDefault("the binding's, such as the context path");

    /** The domain of the cookie; none: the host that set it, and no other. */
    public static final Setting<String> COOKIE_DOMAIN = Setting.text(
                    "genie.session.cookie.domain",
                    "Domain of the cookie; makes it visible to every host below that domain.")
            .withPattern(
                    "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
                            + "(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*",
                    "a host name such as example.com, in ASCII and without a leading dot")
            .withDerivedDefault("the host of the request only");

    /** When the browser sends the cookie with requests that other sites cause. */
    public static final Setting<CookieConfig.SameSite> COOKIE_SAME_SITE = Setting.choice(
                    "genie.session.cookie.same-site",
                    "When the browser sends the cookie with requests that other sites cause; `none` demands"
                            + " `cookie.secure=always`.",
                    CookieConfig.SameSite.class)
            .withDefault(CookieConfig.SameSite.LAX);

    /** Whether scripts in the page are kept from reading the cookie. */
    public static final Setting<Boolean> COOKIE_HTTP_ONLY = Setting.flag(
                    "genie.session.cookie.http-only", "Whether scripts in the page are kept from reading the cookie.")
            .withDefault(true);

    /** When the cookie is marked for encrypted connections only. */
    public static final Setting<CookieConfig.Secure> COOKIE_SECURE = Setting.choice(
                    "genie.session.cookie.secure",
                    "When the cookie is marked for encrypted connections only; `auto` = whenever the request is"
                            + " secure.",
                    CookieConfig.Secure.class)
            .withDefault(CookieConfig.Secure.AUTO);

    /** How long the browser keeps the cookie; none: until it is closed. */
    public static final Setting<Duration> COOKIE_MAX_AGE = Setting.duration(
                    "genie.session.cookie.max-age", "How long the browser keeps the cookie, in whole seconds.")
            .withDerivedDefault("until the browser is closed")
            .withBounds(Duration.ofSeconds(1), Duration.ofDays(400));

    /** Whether the browser keeps one cookie per embedding site. */
    public static final Setting<Boolean> COOKIE_PARTITIONED = Setting.flag(
                    "genie.session.cookie.partitioned",
                    "Whether a page embedded in other sites gets one cookie per embedding site; demands"
                            + " `cookie.secure=always`.")
            .withDefault(false);

    /** The classes that may be attribute values besides the built-in types. */
    public static final Setting<List<String>> TYPES = Setting.list(
                    "genie.session.types", "Classes allowed as attribute values besides the built-in types.")
            .withPattern("[\\p{L}\\p{N}_$.*]+", "classes or packages, such as com.shop.Cart, com.shop.* or com.shop.**")
            .withDefault(List.of());

    /** What happens to a value of a class that is not allowed. */
    public static final Setting<SessionConfig.TypesMode> TYPES_MODE = Setting.choice(
                    "genie.session.types-mode",
                    "What happens to a value of a class that `types` does not name: `enforce` = refused,"
                            + " `report` = accepted, and the line to add is logged once per class.",
                    SessionConfig.TypesMode.class)
            .withDefault(SessionConfig.TypesMode.ENFORCE);

    /** What happens when a stored attribute cannot be decoded. */
    public static final Setting<SessionConfig.Undecodable> UNDECODABLE = Setting.choice(
                    "genie.session.undecodable",
                    "What happens when a stored attribute cannot be decoded: `absent` = it counts as not set and"
                            + " stays stored, `fail` = reading it throws.",
                    SessionConfig.Undecodable.class)
            .withDefault(SessionConfig.Undecodable.ABSENT);

    /** How large one encoded attribute may be. */
    public static final Setting<Long> MAX_ATTRIBUTE_SIZE = Setting.size(
                    "genie.session.max-attribute-size",
                    "How large one attribute may be, encoded; at most `max-session-size`.")
            .withDefault(2 * MEGABYTE)
            .withBounds(1L, 64 * MEGABYTE);

    /** How large all encoded attributes of one session may be together. */
    public static final Setting<Long> MAX_SESSION_SIZE = Setting.size(
                    "genie.session.max-session-size",
                    "How large all attributes of one session may be together, encoded.")
            .withDefault(8 * MEGABYTE)
            .withBounds(1L, 256 * MEGABYTE);

    /** How many attributes one session may have. */
    public static final Setting<Integer> MAX_ATTRIBUTES = Setting.integer(
                    "genie.session.max-attributes", "How many attributes one session may have.")
            .withDefault(10_000)
            .withBounds(1, 1_000_000);

    /** The keys that encrypt values. */
    public static final Setting<String> ENCRYPTION_KEYS = Setting.secret(
                    "genie.session.encryption.keys",
                    "The keys that encrypt values in the store, as `id:key` with the 32 bytes of the key in base64,"
                            + " separated by commas.")
            .withPattern(KEY_ENTRIES, KEY_ENTRIES_WORDS)
            .withDerivedDefault("none, values are not encrypted");

    /** A file with the keys that encrypt values. */
    public static final Setting<String> ENCRYPTION_KEYS_FILE = Setting.text(
                    "genie.session.encryption.keys-file", "A file with these keys instead, one `id:key` in each line.")
            .withDerivedDefault("none");

    /** The key that encrypts what is written from now on. Not shown, because it may be the key itself by mistake. */
    public static final Setting<String> ENCRYPTION_KEY = Setting.secret(
                    "genie.session.encryption.key",
                    "The id of the key that encrypts what is written from now on; `none` = written without encryption,"
                            + " while the keys still read what is encrypted.")
            .withPattern("[A-Za-z0-9._-]{1,16}", "the id of a key, or `none`")
            .withDerivedDefault("the only key");

    /** Whether values that are not encrypted are read. */
    public static final Setting<SessionConfig.Unprotected> ENCRYPTION_UNENCRYPTED = Setting.choice(
                    "genie.session.encryption.unencrypted",
                    "What happens to values that were stored without encryption: `accept` = they are read until they"
                            + " are written anew, `refuse` = they count as undecodable.",
                    SessionConfig.Unprotected.class)
            .withDefault(SessionConfig.Unprotected.ACCEPT);

    /** The keys of the digests of ids. */
    public static final Setting<String> ID_DIGEST_KEYS = Setting.secret(
                    "genie.session.id-digest.keys",
                    "The keys of the digests by which the store knows ids, the newest first, as `id:key` with the 32"
                            + " bytes of the key in base64, separated by commas.")
            .withPattern(KEY_ENTRIES, KEY_ENTRIES_WORDS)
            .withDerivedDefault("none, digests are without a key");

    /** A file with the keys of the digests of ids. */
    public static final Setting<String> ID_DIGEST_KEYS_FILE = Setting.text(
                    "genie.session.id-digest.keys-file",
                    "A file with these keys instead, one `id:key` in each line, the newest first.")
            .withDerivedDefault("none");

    /** The key of the digests that are written from now on. Not shown, because it may be the key itself by mistake. */
    public static final Setting<String> ID_DIGEST_KEY = Setting.secret(
                    "genie.session.id-digest.key",
                    "The id of the key of the digests that are written from now on; `none` = without a key, while the"
                            + " keys still find what has one.")
            .withPattern("[A-Za-z0-9._-]{1,16}", "the id of a key, or `none`")
            .withDerivedDefault("the only key");

    /** Whether digests without a key are looked up. */
    public static final Setting<SessionConfig.Unprotected> ID_DIGEST_UNKEYED = Setting.choice(
                    "genie.session.id-digest.unkeyed",
                    "What happens to sessions that were stored with a digest without a key: `accept` = they are found,"
                            + " and their digest gets the key, `refuse` = they are unknown.",
                    SessionConfig.Unprotected.class)
            .withDefault(SessionConfig.Unprotected.ACCEPT);

    /** Whether this node removes expired sessions. */
    public static final Setting<Boolean> SWEEP = Setting.flag(
                    "genie.session.sweep", "Whether this node removes expired sessions; at least one node has to.")
            .withDefault(true);

    /** How often this node removes expired sessions. */
    public static final Setting<Duration> SWEEP_INTERVAL = Setting.duration(
                    "genie.session.sweep-interval",
                    "How often this node removes expired sessions; nodes spread themselves around it.")
            .withDefault(Duration.ofSeconds(60))
            .withBounds(Duration.ofSeconds(1), Duration.ofDays(1));

    /** How long after its expiry a session is removed at the earliest. */
    public static final Setting<Duration> SWEEP_MARGIN = Setting.duration(
                    "genie.session.sweep-margin",
                    "How long after its expiry a session is removed at the earliest; allows for clocks that differ.")
            .withDefault(Duration.ofSeconds(60))
            .withBounds(Duration.ZERO, Duration.ofHours(1));

    /** How many sessions one step of the sweep removes at most. */
    public static final Setting<Integer> SWEEP_BATCH = Setting.integer(
                    "genie.session.sweep-batch", "How many sessions one step of the sweep removes at most.")
            .withDefault(100)
            .withBounds(1, 10_000);

    /** How many times as long as a full step of the sweep took it rests before the next. */
    public static final Setting<Integer> SWEEP_REST = Setting.integer(
                    "genie.session.sweep-rest",
                    "How many times as long as a full step of the sweep took it rests before the next, at most a second;"
                            + " half as long each time that an interval was not enough.")
            .withDefault(50)
            .withBounds(0, 1_000);

    /** How long an atomic update keeps trying. */
    public static final Setting<Duration> UPDATE_DEADLINE = Setting.duration(
                    "genie.session.update-deadline",
                    "How long an atomic update of an attribute waits and retries before it fails with a conflict;"
                            + " with `view=shared` also how long a request waits while another one stores the session.")
            .withDefault(Duration.ofSeconds(5))
            .withBounds(Duration.ofMillis(10), Duration.ofMinutes(5));

    private static final List<Setting<?>> ALL = List.of(
            ADAPTER,
            APPLICATION,
            IDLE_TIMEOUT,
            EMPTY_IDLE_TIMEOUT,
            LIFETIME,
            QUANTUM,
            MAX_SESSIONS_PER_PRINCIPAL,
            VIEW,
            COOKIE_NAME,
            COOKIE_PATH,
            COOKIE_DOMAIN,
            COOKIE_SAME_SITE,
            COOKIE_HTTP_ONLY,
            COOKIE_SECURE,
            COOKIE_MAX_AGE,
            COOKIE_PARTITIONED,
            TYPES,
            TYPES_MODE,
            UNDECODABLE,
            MAX_ATTRIBUTE_SIZE,
            MAX_SESSION_SIZE,
            MAX_ATTRIBUTES,
            ENCRYPTION_KEYS,
            ENCRYPTION_KEYS_FILE,
            ENCRYPTION_KEY,
            ENCRYPTION_UNENCRYPTED,
            ID_DIGEST_KEYS,
            ID_DIGEST_KEYS_FILE,
            ID_DIGEST_KEY,
            ID_DIGEST_UNKEYED,
            SWEEP,
            SWEEP_INTERVAL,
            SWEEP_MARGIN,
            SWEEP_BATCH,
            SWEEP_REST,
            UPDATE_DEADLINE);

    private CoreSettings() {}

    /**
     * Returns every setting declared here, in the order of the documentation.
     *
     * @return the settings
     */
    public static List<Setting<?>> all() {
        return ALL;
    }
}
