/** A store of somebody else, which sees of the project what it exports. */
module com.example.store {
    requires transitive io.geniesession;

    exports com.example.store;

    provides io.geniesession.spi.SessionAdapterProvider with
            com.example.store.MapSessionAdapterProvider;
}
