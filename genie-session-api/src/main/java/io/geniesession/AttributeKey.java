package io.geniesession;

import static java.util.Objects.requireNonNull;

/**
 * An attribute's name together with the type of its values, so that reading needs no cast.
 *
 * <pre>{@code
 * static final AttributeKey<Integer> VISITS = AttributeKey.of("visits", Integer.class);
 *
 * session.update(VISITS, 0, n -> n + 1);
 * }</pre>
 *
 * <p>Immutable.
 *
 * @param name the attribute's name, not empty
 * @param type the class that every value is an instance of
 * @param <T> the type of the values
 */
public record AttributeKey<T>(String name, Class<T> type) {
    /**
     * Checks the name.
     *      *
     *
     * @param name the attribute's name, not empty
     * @param type the class that every value is an instance of
     * @throws IllegalArgumentException if the name is empty or {@code type} is a primitive type, which no value is an instance of
     */
    public AttributeKey {
        if (requireNonNull(name, "name").isEmpty()) {
            throw new IllegalArgumentException("The name of an attribute must not be empty");
        }
        if (requireNonNull(type, "type").isPrimitive()) {
            throw new IllegalArgumentException(
                    "Attribute \"" + name + "\": " + type + " has no instances, use its wrapper class");
        }
    }

    /**
     * Returns a key.
     *
     * @param name the attribute's name, not empty
     * @param type the class that every value is an instance of
     * @param <T> the type of the values
     * @return the key
     * @throws IllegalArgumentException if the name is empty or the type is primitive
     */
    public static <T> AttributeKey<T> of(String name, Class<T> type) {
        return new AttributeKey<>(name, type);
    }
}
