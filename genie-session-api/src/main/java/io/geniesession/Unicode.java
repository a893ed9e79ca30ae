package io.geniesession;

/** What text must be to survive every store. */
final class Unicode {
    private Unicode() {}

    /** Whether each surrogate has its other half. */
    static boolean isWellFormed(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
