/** Sessions in the memory of one process. */
module io.geniesession.memory {
    requires static org.jspecify;
    requires com.github.benmanes.caffeine;
    requires transitive io.geniesession;

    exports io.geniesession.memory;

    provides io.geniesession.spi.SessionAdapterProvider with
            io.geniesession.memory.MemorySessionAdapterProvider;
}
