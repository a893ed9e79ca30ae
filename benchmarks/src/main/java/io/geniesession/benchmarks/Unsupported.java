package io.geniesession.benchmarks;

import java.lang.reflect.Proxy;

/** Makes objects that can do nothing, for what is never asked. */
final class Unsupported {
    private Unsupported() {}

    static <T> T of(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                Unsupported.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                }));
    }
}
