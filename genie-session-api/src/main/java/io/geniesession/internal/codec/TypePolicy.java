package io.geniesession.internal.codec;

import io.geniesession.SessionConfigException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The allow-list of classes that may be written and read with Java serialization.
 *
 * <p>A pattern is one of
 *
 * <ul>
 *   <li>{@code com.shop.**}: every class of this package and of the packages below it;
 *   <li>{@code com.shop.*}: every class of this package only;
 *   <li>{@code com.shop.Cart}: this class and the classes nested in it, which come from the same source file.
 * </ul>
 *
 * <p>Arrays follow their component type. The JDK's building blocks of serialized forms are built in by exact name; more
 * of the JDK's classes can be listed one by one, never by package, because an allowed package of the JDK would undo the
 * list.
 *
 * <p>Safe for use by several threads.
 */
public final class TypePolicy {
    /** The setting that holds the patterns. */
    public static final String SETTING = "genie.session.types";

    private static final System.Logger LOGGER = System.getLogger("io.geniesession.types");

    /** Beyond so many different types the log has told enough; stored bytes must not be able to fill the memory. */
    private static final int MAX_REPORTED = 1_000;

    /** What happens to a class that is not on the list. */
    public enum Mode {
        /** It is refused. */
        ENFORCE,
        /** It is let through, and the line to add is logged once per class. */
        REPORT
    }

    private final Mode mode;
    private final Set<String> classes = new HashSet<>();
    private final Set<String> packages = new HashSet<>();
    private final List<String> prefixes = new ArrayList<>();
    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    /**
     * Creates a policy.
     *
     * @param patterns the patterns; surrounding blanks are ignored, none at all allows the built-in classes only
     * @param mode what happens to a class that no pattern names
     * @throws SessionConfigException if a pattern is malformed or names a package of the JDK
     */
    public TypePolicy(Collection<String> patterns, Mode mode) {
        this.mode = mode;
        for (String pattern : patterns) {
            add(pattern.strip());
        }
    }

    /**
     * Tells whether a class may take part in serialization, and in report mode logs one that the list lacks.
     *
     * @param className a name as {@link Class#getName()} gives it, of an array too
     */
    boolean allows(String className) {
        if (isListed(className)) {
            return true;
        }
        if (mode == Mode.ENFORCE) {
            return false;
        }
        report(elementName(className));
        return true;
    }

    boolean isListed(String className) {
        String name = elementName(className);
        return BuiltInTypes.contains(name) || classes.contains(name) || isInListedPackage(name) || isNested(name);
    }

    private boolean isInListedPackage(String name) {
        int dot = name.lastIndexOf('.');
        if (dot < 0) {
            return false;
        }
        if (packages.contains(name.substring(0, dot))) {
            return true;
        }
        for (String prefix : prefixes) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    private boolean isNested(String name) {
        for (int dollar = name.indexOf('$'); dollar > 0; dollar = name.indexOf('$', dollar + 1)) {
            if (classes.contains(name.substring(0, dollar))) {
                return true;
            }
        }
        return false;
    }

    private void report(String name) {
        if (reported.size() < MAX_REPORTED && reported.add(name)) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "A session attribute uses a class that is not on the allow-list, let through because the list is in"
                            + " report mode. The line to add: {0}={1}",
                    SETTING,
                    name);
        }
    }

    private void add(String pattern) {
        if (pattern.endsWith(".**")) {
            prefixes.add(packageOf(pattern, 3) + ".");
        } else if (pattern.endsWith(".*")) {
            packages.add(packageOf(pattern, 2));
        } else if (isQualifiedName(pattern)) {
            classes.add(pattern);
        } else {
            throw malformed(pattern);
        }
    }

    private static String packageOf(String pattern, int suffix) {
        String name = pattern.substring(0, pattern.length() - suffix);
        if (!isQualifiedName(name)) {
            throw malformed(pattern);
        }
        if (isOfTheJdk(name)) {
            throw new SessionConfigException(SETTING + ": the pattern \"" + pattern
                    + "\" names a package of the JDK, which would open the way for classes that do harm when they are"
                    + " read; list the classes that are needed one by one, such as java.util.SimpleTimeZone");
        }
        return name;
    }

    static boolean isOfTheJdk(String packageName) {
        String withDot = packageName + ".";
        return withDot.startsWith("java.")
                || withDot.startsWith("javax.")
                || withDot.startsWith("jdk.")
                || withDot.startsWith("sun.")
                || withDot.equals("com.")
                || withDot.startsWith("com.sun.");
    }

    private static boolean isQualifiedName(String name) {
        int start = 0;
        for (int i = 0; i <= name.length(); i++) {
            if (i == name.length() || name.charAt(i) == '.') {
                if (i == start) {
                    return false;
                }
                start = i + 1;
            } else if (i == start
                    ? !Character.isJavaIdentifierStart(name.charAt(i))
                    : !Character.isJavaIdentifierPart(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static SessionConfigException malformed(String pattern) {
        return new SessionConfigException(SETTING + ": the pattern \"" + pattern
                + "\" is malformed; use com.shop.** (this package and those below), com.shop.* (this package) or"
                + " com.shop.Cart (this class and those nested in it)");
    }

    /** Returns the name of the innermost component type of an array, or the name itself. */
    static String elementName(String className) {
        int dimensions = 0;
        while (dimensions < className.length() && className.charAt(dimensions) == '[') {
            dimensions++;
        }
        if (dimensions > 0 && className.startsWith("L", dimensions) && className.endsWith(";")) {
            return className.substring(dimensions + 1, className.length() - 1);
        }
        // The component of a primitive array is one letter, which the built-in list has with its bracket.
        return dimensions > 0 ? className.substring(dimensions - 1) : className;
    }
}
