package io.geniesession.internal;

import io.geniesession.SessionConfigException;
import io.geniesession.spi.SessionAdapterProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the adapters on the class path and picks the one to use. */
public final class AdapterDiscovery {
    private AdapterDiscovery() {}

    /**
     * Finds all providers.
     *
     * @param loader where to look
     * @return the providers, each class once, in the order of the path
     * @throws SessionConfigException if a declared provider cannot be made
     */
    public static List<SessionAdapterProvider> find(@Nullable ClassLoader loader) {
        List<SessionAdapterProvider> found = new ArrayList<>();
        Iterator<SessionAdapterProvider> providers =
                ServiceLoader.load(SessionAdapterProvider.class, loader).iterator();
        try {
            while (providers.hasNext()) {
                found.add(providers.next());
            }
        } catch (ServiceConfigurationError e) {
            throw new SessionConfigException(
                    "A session adapter that the class path declares cannot be used: " + e.getMessage(), e);
        }
        return found;
    }

    /**
     * Picks the adapter: the named one, otherwise the only one.
     *
     * @param found what is there
     * @param name the value of {@code genie.session.adapter}, if it is set
     * @return the provider to open
     * @throws SessionConfigException if there is none, none of the name, or several and no name; the message lists what was found
     */
    public static SessionAdapterProvider choose(List<SessionAdapterProvider> found, Optional<String> name) {
        if (found.isEmpty()) {
            throw new SessionConfigException(
                    "No session adapter is on the class path. Add one artifact: io.geniesession:genie-session-jdbc (H2, PostgreSQL)"
                            + " or io.geniesession:genie-session-memory (one node, lost at restart)");
        }
        List<SessionAdapterProvider> chosen = found.stream()
                .filter(provider -> name.isEmpty() || provider.name().equals(name.get()))
                .toList();
        if (chosen.size() == 1) {
            return chosen.get(0);
        }
        if (chosen.isEmpty()) {
            throw new SessionConfigException(
                    "genie.session.adapter is \"" + name.orElseThrow() + "\", but on the class path there is only "
                            + names(found) + ". Correct the setting, or add the adapter's artifact");
        }
        throw new SessionConfigException("Several session adapters are on the class path: " + names(chosen) + ". "
                + (name.isEmpty()
                        ? "Set genie.session.adapter to one of the names, or remove the others"
                        : "Two of one name cannot be told apart; remove one"));
    }

    private static String names(List<SessionAdapterProvider> providers) {
        return providers.stream()
                .map(provider -> provider.name() + " (" + provider.getClass().getName() + ")")
                .collect(Collectors.joining(", "));
    }
}
