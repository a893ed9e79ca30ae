package io.geniesession.spi;

import java.util.List;

/**
 * Opens one kind of store. This is what {@link java.util.ServiceLoader} finds: declare it in
 * {@code META-INF/services/io.geniesession.spi.SessionAdapterProvider}, and with {@code provides} in a {@code module-info}.
 *
 * <p>Safe for use by several threads; has a public constructor without parameters that does nothing.
 */
public interface SessionAdapterProvider {
    /**
     * Returns the name that the setting {@code genie.session.adapter} selects.
     *
     * @return a short name in lower case, such as {@code jdbc}
     */
    String name();

    /**
     * Returns the settings that the adapter understands. A setting that nobody declares is refused at start-up.
     *
     * @return the settings; their names begin with {@code genie.session.} and the adapter's name
     */
    List<Setting<?>> settings();

    /**
     * Opens the store. Fails here, within seconds, rather than at the first request.
     *
     * @param context what the core lends; valid until the adapter is closed
     * @return the adapter, which belongs to the caller
     * @throws io.geniesession.SessionConfigException if a setting is wrong or the store refuses what the settings ask for; the
     *     message says how to mend it
     * @throws io.geniesession.SessionStoreException if the store does not answer
     */
    SessionAdapter open(AdapterContext context);
}
