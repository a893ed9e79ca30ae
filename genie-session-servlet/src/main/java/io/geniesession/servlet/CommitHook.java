package io.geniesession.servlet;

import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Sets the session's cookie at the very moment at which the container commits the response, where the container would lose a
 * header that was set before.
 *
 * <p>Undertow takes no headers while a page is included, and drops them all when a page fails; the cookies of its own sessions
 * do not go through the response. It is asked by reflection, beginning with the response itself, as with
 * {@link ContainerListeners}.
 */
final class CommitHook {

    private static final System.Logger LOG = System.getLogger(CommitHook.class.getName());

    private static final String UNDERTOW = "io.undertow.servlet.spec.HttpServletResponseImpl";
    private static final String SET_COOKIE = "Set-Cookie";

    private CommitHook() {}

    /**
     * Lets the response's cookies be looked through before it is committed.
     *
     * @param response the response, wrapped or not
     * @param cookies gets the {@code Set-Cookie} lines and returns those that are to be sent
     * @return whether the container will ask
     */
    static boolean install(ServletResponse response, UnaryOperator<List<String>> cookies) {
        ServletResponse container = innermost(response);
        if (!container.getClass().getName().equals(UNDERTOW)) {
            return false;
        }
        try {
            installOnUndertow(container.getClass().getMethod("getExchange").invoke(container), cookies);
            return true;
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "The container does not tell when it commits a response", e);
            return false;
        }
    }

    /** Returns what all wrappers are around. */
    static ServletResponse innermost(ServletResponse response) {
        ServletResponse current = response;
        while (current instanceof ServletResponseWrapper wrapper) {
            current = wrapper.getResponse();
        }
        return current;
    }

    private static void installOnUndertow(Object exchange, UnaryOperator<List<String>> cookies)
            throws ReflectiveOperationException {
        ClassLoader container = exchange.getClass().getClassLoader();
        Class<?> type = Class.forName("io.undertow.server.ResponseCommitListener", false, container);
        InvocationHandler beforeCommit = (proxy, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return method.invoke(cookies, arguments);
            }
            replaceOnUndertow(exchange, cookies);
            return null;
        };
        exchange.getClass()
                .getMethod("addResponseCommitListener", type)
                .invoke(exchange, Proxy.newProxyInstance(container, new Class<?>[] {type}, beforeCommit));
    }

    private static void replaceOnUndertow(Object exchange, UnaryOperator<List<String>> cookies)
            throws ReflectiveOperationException {
        Object headers = exchange.getClass().getMethod("getResponseHeaders").invoke(exchange);
        List<String> present = lines(headers);
        List<String> wanted = cookies.apply(present);
        if (!wanted.equals(present)) {
            headers.getClass().getMethod("remove", String.class).invoke(headers, SET_COOKIE);
            Class<?> name = Class.forName(
                    "io.undertow.util.HttpString", false, headers.getClass().getClassLoader());
            Object setCookie = name.getConstructor(String.class).newInstance(SET_COOKIE);
            headers.getClass().getMethod("addAll", name, Collection.class).invoke(headers, setCookie, wanted);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<String> lines(Object headers) throws ReflectiveOperationException {
        @Nullable
        Object lines = headers.getClass().getMethod("get", String.class).invoke(headers, SET_COOKIE);
        return lines == null ? List.of() : List.copyOf((Collection<String>) lines);
    }
}
