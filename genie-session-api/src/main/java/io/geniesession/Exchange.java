package io.geniesession;

import io.geniesession.internal.CookieHeader;
import java.util.List;
import java.util.Optional;

/**
 * A request and its response, as far as sessions need them. One instance stands for one exchange.
 *
 * <p>{@code genie-session-servlet} has the binding for servlet containers; others take some thirty lines, see
 * {@code examples/httpserver}. Implementations are as thread-safe as the request and response they stand for.
 */
public interface Exchange {
    /**
     * Reads cookies out of a request's {@code Cookie} header, for bindings whose server does not (RFC 6265, section 5.4).
     * Lenient: what is no pair of name and value is skipped, and the rest is read.
     *
     * @param lines the field values of the header, one per line of the request
     * @param name the cookie's name; case matters
     * @return the values of all cookies of this name, in the order of the header, at most 16; untrusted
     */
    static List<String> cookies(Iterable<String> lines, String name) {
        return CookieHeader.values(lines, name, 16);
    }

    /**
     * Returns the values of all request cookies of this name, in the order of the request. There may be several, for instance
     * from two paths; the first one that opens a session is used.
     *
     * @param name the cookie's name
     * @return the values; empty if there is none
     */
    List<String> cookies(String name);

    /**
     * Tells whether the request came over a secure channel, as seen by the client (that is, in front of a proxy).
     *
     * @return true for https
     */
    boolean isSecure();

    /**
     * Adds a {@code Set-Cookie} field to the response, instead of one added earlier under the same name.
     *
     * @param name the cookie's name
     * @param header the whole field value, name included (RFC 6265, section 4.1)
     * @throws IllegalStateException if the response's header is already on its way
     */
    void setCookie(String name, String header);

    /**
     * Tells whether the response's header is on its way, so that no cookie can be set any more. A session is not created then
     * and its id not renewed, because the client would never learn the id.
     *
     * @return true once {@link #setCookie} is too late; false where the binding cannot tell
     */
    default boolean isCommitted() {
        return false;
    }

    /**
     * Returns the path for the cookie where the settings name none.
     *
     * @return the path that the application answers under, such as {@code /}
     */
    String cookiePath();

    /**
     * Tells whether the request shows that somebody is there. Requests that do not (polling) read and write as any other, but
     * reading keeps no session alive.
     *
     * @return true unless the request is known to come by itself
     */
    default boolean isActivity() {
        return true;
    }

    /**
     * Returns what {@link #attach} kept.
     *
     * @return the exchange's session, or empty if none was attached yet
     */
    Optional<Session> attached();

    /**
     * Keeps the session for the rest of the exchange.
     *
     * @param session the session, instead of one attached earlier
     */
    void attach(Session session);
}
