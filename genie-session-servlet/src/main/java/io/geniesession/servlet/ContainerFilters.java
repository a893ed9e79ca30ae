package io.geniesession.servlet;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sees to it that the container's own filters, which are nobody's to order, have our session.
 *
 * <p>Jetty puts the filter that opens WebSockets before all others at the moment when it is first needed, so it depends on the
 * order of initializers whether the endpoints get our session or the container's, which nobody uses.
 */
final class ContainerFilters {

    private static final System.Logger LOG = System.getLogger(ContainerFilters.class.getName());

    private static final String OPENS_WEB_SOCKETS =
            "org\\.eclipse\\.jetty\\..+\\.websocket\\.servlet\\.WebSocketUpgradeFilter";

    private ContainerFilters() {}

    /**
     * Puts a filter that opens WebSockets behind ours, if it comes before.
     *
     * @param context the context as the container hands it out, after all filters were registered
     * @param ours the name of our filter
     */
    static void openWebSocketsBehind(ServletContext context, String ours) {
        if (!ContainerListeners.isJetty(context)) {
            return;
        }
        try {
            reorder(
                    ContainerListeners.call(ContainerListeners.call(context, "getContextHandler"), "getServletHandler"),
                    ours);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            LOG.log(System.Logger.Level.DEBUG, "The container's filters cannot be reached", e);
        }
    }

    private static void reorder(Object handler, String ours) throws ReflectiveOperationException {
        Object[] mappings = (Object[]) ContainerListeners.call(handler, "getFilterMappings");
        List<String> names = new ArrayList<>();
        for (Object mapping : mappings) {
            names.add((String) ContainerListeners.call(mapping, "getFilterName"));
        }
        int last = names.lastIndexOf(ours);
        List<Object> ordered = new ArrayList<>();
        List<Object> behind = new ArrayList<>();
        for (int i = 0; i <= last; i++) {
            (names.get(i).matches(OPENS_WEB_SOCKETS) ? behind : ordered).add(mappings[i]);
        }
        if (!behind.isEmpty()) {
            ordered.addAll(behind);
            ordered.addAll(Arrays.asList(mappings).subList(last + 1, mappings.length));
            handler.getClass()
                    .getMethod("setFilterMappings", mappings.getClass())
                    .invoke(handler, (Object) ordered.toArray(mappings.clone()));
        }
    }
}
