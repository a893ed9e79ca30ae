package io.geniesession;

import static java.util.Objects.requireNonNull;

import io.geniesession.spi.CoreSettings;
import io.geniesession.spi.Setting;
import io.geniesession.spi.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the session cookie is written: its name and attributes (RFC 6265, section 4.1).
 *
 * <p>What browsers would drop without a word is refused when it is built: a name with the prefix {@code __Host-} or
 * {@code __Secure-}, {@code SameSite=None} or {@code Partitioned} without what they demand. Immutable.
 */
public final class CookieConfig {

    /** A cookie's value: RFC 6265, section 4.1.1, {@code cookie-octet}. */
    private static final Pattern VALUE = Pattern.compile("[\\x21\\x23-\\x2B\\x2D-\\x3A\\x3C-\\x5B\\x5D-\\x7E]*");

    private final String name;
    private final @Nullable String path;
    private final @Nullable String domain;
    private final SameSite sameSite;
    private final boolean httpOnly;
    private final Secure secure;
    private final @Nullable Duration maxAge;
    private final boolean partitioned;
    private final Settings settings;

    /** When the browser sends the cookie with requests that other sites cause. */
    public enum SameSite {
        /** Never. */
        STRICT,
        /** When the user follows a link from there. */
        LAX,
        /** Always; demands {@link Secure#ALWAYS}. */
        NONE
    }

    /** When the cookie is marked for encrypted connections only. */
    public enum Secure {
        /** Whenever the request is secure. */
        AUTO,
        /** On every request: behind a proxy that ends TLS and does not say so, too. */
        ALWAYS,
        /** On no request. */
        NEVER
    }

    private CookieConfig(Settings settings) {
        this.settings = settings;
        this.name = settings.get(CoreSettings.COOKIE_NAME);
        this.path = settings.find(CoreSettings.COOKIE_PATH).orElse(null);
        this.domain = settings.find(CoreSettings.COOKIE_DOMAIN).orElse(null);
        this.sameSite = settings.get(CoreSettings.COOKIE_SAME_SITE);
        this.httpOnly = settings.get(CoreSettings.COOKIE_HTTP_ONLY);
        this.secure = settings.get(CoreSettings.COOKIE_SECURE);
        this.maxAge = settings.find(CoreSettings.COOKIE_MAX_AGE).orElse(null);
        this.partitioned = settings.get(CoreSettings.COOKIE_PARTITIONED);
    }

    /**
     * Reads the cookie's settings.
     *
     * @param settings the settings; what they leave out has its default
     * @return the configuration
     * @throws SessionConfigException if a value is outside its bounds, or two contradict each other
     */
    public static CookieConfig from(Settings settings) {
        return new Builder(settings).build();
    }

    /**
     * Starts from the defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder(Settings.of(Map.of()));
    }

    /**
     * Starts from this configuration.
     *
     * @return a builder that, left alone, builds an equal configuration
     */
    public Builder toBuilder() {
        return new Builder(settings);
    }

    /**
     * Returns the cookie's name.
     *
     * @return a token of HTTP; default {@code __geniesid}
     */
    public String name() {
        return name;
    }

    /**
     * Returns the path that was set.
     *
     * @return the path, or empty: the binding decides
     */
    public Optional<String> path() {
        return Optional.ofNullable(path);
    }

    /**
     * Returns the domain that was set.
     *
     * @return the domain, or empty: the cookie goes to the host that set it and to no other
     */
    public Optional<String> domain() {
        return Optional.ofNullable(domain);
    }

    /**
     * Returns when the browser sends the cookie with requests that other sites cause.
     *
     * @return the choice; default {@link SameSite#LAX}
     */
    public SameSite sameSite() {
        return sameSite;
    }

    /**
     * Says whether scripts in the page are kept from reading the cookie.
     *
     * @return default true
     */
    public boolean httpOnly() {
        return httpOnly;
    }

    /**
     * Returns when the cookie is marked for encrypted connections only.
     *
     * @return the choice; default {@link Secure#AUTO}
     */
    public Secure secure() {
        return secure;
    }

    /**
     * Returns how long the browser keeps the cookie.
     *
     * @return whole seconds, at least one; empty: until the browser is closed
     */
    public Optional<Duration> maxAge() {
        return Optional.ofNullable(maxAge);
    }

    /**
     * Says whether a page embedded in other sites gets one cookie per embedding site.
     *
     * @return default false
     */
    public boolean partitioned() {
        return partitioned;
    }

    /**
     * Returns the field value of the {@code Set-Cookie} header that hands out the cookie.
     *
     * @param value the cookie's value, of the characters that RFC 6265 allows in one
     * @param requestSecure whether the request came over an encrypted connection
     * @param defaultPath the path if none was set: the binding's, empty for {@code /}
     * @return the field value
     * @throws IllegalArgumentException if the value or the path cannot stand in the header; the message does not show the
     *     value
     */
    public String header(String value, boolean requestSecure, String defaultPath) {
        if (!VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "The value of cookie " + name + " has a character that RFC 6265 does not allow (it is not shown)");
        }
        StringBuilder header = new StringBuilder(name.length() + value.length() + 96);
        header.append(name).append('=').append(value);
        if (maxAge != null) {
            header.append("; Max-Age=").append(maxAge.toSeconds());
        }
        return attributes(header, requestSecure, defaultPath);
    }

    /**
     * Returns the field value of the {@code Set-Cookie} header that makes the browser drop the cookie. A browser drops only
     * a cookie of the same name, path and domain, so all attributes are those of {@link #header}.
     *
     * @param requestSecure whether the request came over an encrypted connection
     * @param defaultPath the path if none was set: the binding's, empty for {@code /}
     * @return the field value
     * @throws IllegalArgumentException if the path cannot stand in the header
     */
    public String removalHeader(boolean requestSecure, String defaultPath) {
        StringBuilder header = new StringBuilder(name.length() + 128);
        header.append(name).append("=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
        return attributes(header, requestSecure, defaultPath);
    }

    private String attributes(StringBuilder header, boolean requestSecure, String defaultPath) {
        header.append("; Path=").append(effectivePath(defaultPath));
        if (domain != null) {
            header.append("; Domain=").append(domain);
        }
        if (secure == Secure.ALWAYS || (secure == Secure.AUTO && requestSecure)) {
            header.append("; Secure");
        }
        if (httpOnly) {
            header.append("; HttpOnly");
        }
        header.append("; SameSite=").append(attribute(sameSite));
        return partitioned ? header.append("; Partitioned").toString() : header.toString();
    }

    private String effectivePath(String defaultPath) {
        requireNonNull(defaultPath, "defaultPath");
        if (path != null) {
            return path;
        }
        if (defaultPath.isEmpty() || hasPrefix("__host-")) {
            return "/";
        }
        try {
            return CoreSettings.COOKIE_PATH.read(defaultPath, "the binding's default");
        } catch (SessionConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static String attribute(SameSite sameSite) {
        return switch (sameSite) {
            case STRICT -> "Strict";
            case LAX -> "Lax";
            case NONE -> "None";
        };
    }

    /** Browsers compare the prefixes without regard to case, lest a server that does so be tricked. */
    private boolean hasPrefix(String prefix) {
        return name.toLowerCase(Locale.ROOT).startsWith(prefix);
    }

    private CookieConfig checked() {
        if (hasPrefix("__host-")) {
            requireSecure(CoreSettings.COOKIE_NAME);
            requireHostPrefix();
        } else if (hasPrefix("__secure-")) {
            requireSecure(CoreSettings.COOKIE_NAME);
        }
        if (sameSite == SameSite.NONE) {
            requireSecure(CoreSettings.COOKIE_SAME_SITE);
        }
        if (partitioned) {
            requireSecure(CoreSettings.COOKIE_PARTITIONED);
        }
        if (maxAge != null && !maxAge.equals(Duration.ofSeconds(maxAge.toSeconds()))) {
            throw refusal(CoreSettings.COOKIE_MAX_AGE, "must be whole seconds, since the cookie's Max-Age is");
        }
        return this;
    }

    private void requireSecure(Setting<?> because) {
        if (secure != Secure.ALWAYS) {
            throw refusal(
                    because,
                    "needs " + CoreSettings.COOKIE_SECURE.name() + "=always, which is "
                            + CoreSettings.COOKIE_SECURE.write(secure)
                            + " (" + settings.origin(CoreSettings.COOKIE_SECURE)
                            + "): browsers drop such a cookie without it");
        }
    }

    private void requireHostPrefix() {
        if (path != null && !path.equals("/")) {
            throw refusal(
                    CoreSettings.COOKIE_NAME,
                    "needs " + CoreSettings.COOKIE_PATH.name() + " to be / or not set, but it is " + path + " ("
                            + settings.origin(CoreSettings.COOKIE_PATH) + ")");
        }
        if (domain != null) {
            throw refusal(
                    CoreSettings.COOKIE_NAME,
                    "allows no " + CoreSettings.COOKIE_DOMAIN.name() + ", but it is " + domain
                            + " (" + settings.origin(CoreSettings.COOKIE_DOMAIN)
                            + "): remove it, or choose a name without the prefix __Host-");
        }
    }

    private <T> SessionConfigException refusal(Setting<T> setting, String reason) {
        return new SessionConfigException(setting.name() + "=" + setting.write(settings.get(setting)) + " ("
                + settings.origin(setting) + ") " + reason + ".");
    }

    /**
     * Compares the name and the attributes.
     *
     * @param other any object
     * @return whether both write the same cookies
     */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CookieConfig that && values().equals(that.values());
    }

    /**
     * Returns a hash code of the name and the attributes.
     *
     * @return the same for equal configurations
     */
    @Override
    public int hashCode() {
        return values().hashCode();
    }

    /**
     * Returns the name and the attributes; no cookie's value is known here.
     *
     * @return a text that is safe to log
     */
    @Override
    public String toString() {
        return "CookieConfig[name=" + name
                + ", path=" + orNone(path)
                + ", domain=" + orNone(domain)
                + ", sameSite=" + sameSite
                + ", httpOnly=" + httpOnly
                + ", secure=" + secure
                + ", maxAge=" + orNone(maxAge)
                + ", partitioned=" + partitioned + "]";
    }

    private List<Object> values() {
        return List.of(name, path(), domain(), sameSite, httpOnly, secure, maxAge(), partitioned);
    }

    private static Object orNone(@Nullable Object value) {
        return value == null ? "none" : value;
    }

    /**
     * Builds a {@link CookieConfig}. Each value is checked when it is given, the combination by {@link #build()}. For use by
     * one thread.
     */
    public static final class Builder {

        private Settings settings;

        private Builder(Settings settings) {
            this.settings = requireNonNull(settings, "settings");
        }

        /**
         * Sets the cookie's name.
         *
         * @param name a token of HTTP of 1 to 128 characters
         * @return this builder
         * @throws SessionConfigException if the name is no token
         */
        public Builder name(String name) {
            return set(CoreSettings.COOKIE_NAME, name);
        }

        /**
         * Sets the cookie's path, which the binding decides otherwise.
         *
         * @param path the path, starting with {@code /}, ASCII, without {@code ;} and control characters
         * @return this builder
         * @throws SessionConfigException if the path is not of this form
         */
        public Builder path(String path) {
            return set(CoreSettings.COOKIE_PATH, path);
        }

        /**
         * Sets the cookie's domain, which makes every host below it see the cookie.
         *
         * @param domain a host name in ASCII, without a leading dot
         * @return this builder
         * @throws SessionConfigException if the domain is not of this form
         */
        public Builder domain(String domain) {
            return set(CoreSettings.COOKIE_DOMAIN, domain);
        }

        /**
         * Sets when the browser sends the cookie with requests that other sites cause.
         *
         * @param sameSite the choice; {@link SameSite#NONE} demands {@link Secure#ALWAYS}
         * @return this builder
         */
        public Builder sameSite(SameSite sameSite) {
            return set(CoreSettings.COOKIE_SAME_SITE, sameSite);
        }

        /**
         * Sets whether scripts in the page are kept from reading the cookie.
         *
         * @param httpOnly true to keep them from it
         * @return this builder
         */
        public Builder httpOnly(boolean httpOnly) {
            return set(CoreSettings.COOKIE_HTTP_ONLY, httpOnly);
        }

        /**
         * Sets when the cookie is marked for encrypted connections only.
         *
         * @param secure the choice
         * @return this builder
         */
        public Builder secure(Secure secure) {
            return set(CoreSettings.COOKIE_SECURE, secure);
        }

        /**
         * Sets how long the browser keeps the cookie, which is until it is closed otherwise.
         *
         * @param maxAge whole seconds, from 1 second to 400 days, the most that browsers grant
         * @return this builder
         * @throws SessionConfigException if the duration is outside the bounds
         */
        public Builder maxAge(Duration maxAge) {
            return set(CoreSettings.COOKIE_MAX_AGE, maxAge);
        }

        /**
         * Sets whether a page embedded in other sites gets one cookie per embedding site.
         *
         * @param partitioned true demands {@link Secure#ALWAYS}
         * @return this builder
         */
        public Builder partitioned(boolean partitioned) {
            return set(CoreSettings.COOKIE_PARTITIONED, partitioned);
        }

        private <T> Builder set(Setting<T> setting, T value) {
            settings = settings.with(setting, value);
            return this;
        }

        /**
         * Builds the configuration.
         *
         * @return the configuration
         * @throws SessionConfigException if the values contradict each other; the message names the settings
         */
        public CookieConfig build() {
            return new CookieConfig(settings).checked();
        }
    }
}
