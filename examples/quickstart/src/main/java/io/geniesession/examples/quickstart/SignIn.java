package io.geniesession.examples.quickstart;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides who may sign in: everybody who can read the password on the page. A real shop asks its user database here. */
final class SignIn {

    static final String PASSWORD = "open sesame";
    static final int LONGEST_NAME = 40;

    private SignIn() {}

    /**
     * Returns the name that the session's principal becomes.
     *
     * @param name as typed, or null
     * @param password as typed, or null
     * @return the name in its one form, or empty if either is wrong
     */
    static Optional<String> check(@Nullable String name, @Nullable String password) {
        if (name == null || password == null || !isPassword(password)) {
            return Optional.empty();
        }
        String known = Normalizer.normalize(name, Normalizer.Form.NFC).strip();
        boolean possible = !known.isEmpty()
                && known.length() <= LONGEST_NAME
                && known.codePoints().noneMatch(SignIn::isUnprintable);
        return possible ? Optional.of(known) : Optional.empty();
    }

    private static boolean isPassword(String password) {
        return MessageDigest.isEqual(
                PASSWORD.getBytes(StandardCharsets.UTF_8), password.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isUnprintable(int character) {
        int type = Character.getType(character);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.UNASSIGNED;
    }
}
