package io.geniesession.secretwatch;

/** Stands for an exception of the library. */
final class LeakyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LeakyException(String message) {
        super(message);
    }
}
