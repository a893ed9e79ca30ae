package io.geniesession.examples.quickstart;

import io.geniesession.Session;
import io.geniesession.SessionInfo;
import io.geniesession.SessionKey;
import io.geniesession.Sessions;
import io.geniesession.servlet.GenieSessions;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a request, and what the shop remembers of them. All of it is in the session; nothing is stored and no cookie
 * sent before there is something to remember.
 *
 * <p>Belongs to one request.
 */
final class Visitor {

    /** How many pieces of one product a cart holds at most. */
    static final int MOST_PIECES = 99;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String CART = "cart";
    private static final String FORM_TOKEN = "formToken";
    private static final String DEVICE = "device";
    private static final String NOTICE = "notice";
    private static final String PROBLEM = "problem";

    private final HttpServletRequest request;
    private final Sessions sessions;

    Visitor(HttpServletRequest request) {
        this.request = request;
        this.sessions = GenieSessions.sessions(request.getServletContext());
    }

    /** Asked for each time: after a sign-out a new session begins. */
    private Session session() {
        return GenieSessions.session(request);
    }

    /**
     * One device that somebody is signed in on. Immutable.
     *
     * @param session the facts of its session
     * @param label what the device is
     * @param isThis whether the request came from it
     */
    record SignedInDevice(SessionInfo session, String label, boolean isThis) {}

    // ---- who it is

    Optional<String> name() {
        return session().principal();
    }

    /** Tells how the session may be called in public; this id opens nothing. */
    Optional<String> publicSessionId() {
        return session().isStored() ? Optional.of(session().id()) : Optional.empty();
    }

    /** Signs in. The session gets a new id with it, so that an id somebody else planted or saw before is worth nothing. */
    void signIn(String name) {
        session()
                .setPrincipal(name)
                .setIndex(DEVICE, Device.label(request.getHeader("User-Agent")))
                .set(FORM_TOKEN, newToken());
    }

    /** Signs out on this device. What was in the session, the cart too, is gone. */
    void signOut() {
        session().invalidate();
    }

    /**
     * Signs out on all devices.
     *
     * @return how many there were besides this one
     */
    int signOutEverywhere(String name) {
        int others = sessions.endAll(Session.PRINCIPAL, name, session().key());
        signOut();
        return others;
    }

    // ---- where else they are signed in

    /** Lists the devices somebody is signed in on. The other sessions are not loaded for that. */
    List<SignedInDevice> devices(String name) {
        SessionKey own = session().key();
        return sessions.ofPrincipal(name).stream()
                .map(info -> new SignedInDevice(
                        info,
                        info.indexes().getOrDefault(DEVICE, "Some browser"),
                        info.key().equals(own)))
                .toList();
    }

    /**
     * Signs out on another device of the same person.
     *
     * @param key the key of its session, as a form sent it; that of a stranger finds nothing
     * @return what the device was, or empty if it is signed out already
     */
    Optional<String> signOutDevice(String name, String key) {
        return devices(name).stream()
                .filter(device ->
                        !device.isThis() && device.session().key().toString().equals(key))
                .filter(device -> sessions.end(device.session().key()))
                .map(SignedInDevice::label)
                .findFirst();
    }

    // ---- the cart

    /** Returns the pieces of each product, in the order in which they were added. */
    Map<Product, Integer> cart() {
        Map<Product, Integer> cart = new LinkedHashMap<>();
        pieces(session().get(CART))
                .forEach((id, number) -> Product.find(id).ifPresent(product -> cart.put(product, number)));
        return cart;
    }

    /**
     * Changes the number of pieces of a product.
     *
     * @param change gets the present number; the product leaves the cart at zero
     */
    void changeCart(Product product, UnaryOperator<Integer> change) {
        // Atomic over all nodes: of two quick clicks, both count.
        session().update(CART, Object.class, stored -> Optional.of(changed(pieces(stored), product, change)));
    }

    private static Map<String, Integer> changed(
            Map<String, Integer> cart, Product product, UnaryOperator<Integer> change) {
        int pieces = change.apply(cart.getOrDefault(product.id(), 0));
        if (pieces > 0) {
            cart.put(product.id(), Math.min(pieces, MOST_PIECES));
        } else {
            cart.remove(product.id());
        }
        return cart;
    }

    /** Copies a stored cart: plain types of the JDK, which every adapter can store as they are. */
    private static Map<String, Integer> pieces(Optional<Object> stored) {
        Map<String, Integer> pieces = new LinkedHashMap<>();
        if (stored.orElse(Map.of()) instanceof Map<?, ?> cart) {
            cart.forEach((id, number) -> pieces.put((String) id, (Integer) number));
        }
        return pieces;
    }

    // ---- messages for the page after the redirect

    void tell(String notice) {
        session().flash().put(NOTICE, notice);
    }

    void tellProblem(String problem) {
        session().flash().put(PROBLEM, problem);
    }

    Optional<String> notice() {
        return session().flash().get(NOTICE, String.class);
    }

    Optional<String> problem() {
        return session().flash().get(PROBLEM, String.class);
    }

    // ---- forms

    /** Returns what the forms of this session carry, so that no other site can send them. */
    Optional<String> formToken() {
        return session().get(FORM_TOKEN, String.class);
    }

    /** Gives the session its token with the first thing it remembers. */
    void requireFormToken() {
        if (!session().isSet(FORM_TOKEN)) {
            session().set(FORM_TOKEN, newToken());
        }
    }

    /** Tells whether a form carries the token of this session. Who has no session yet has nothing to forge. */
    boolean sentOwnForm(@Nullable String token) {
        Optional<String> expected = formToken();
        return expected.isEmpty() || (token != null && isEqual(expected.get(), token));
    }

    private static boolean isEqual(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    private static String newToken() {
        byte[] token = new byte[24];
        RANDOM.nextBytes(token);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }
}
