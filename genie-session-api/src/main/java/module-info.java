/**
 * The session model, the adapter SPI, settings, and the encoding of values. Needs nothing at run time.
 */
module io.geniesession {
    requires static org.jspecify;

    exports io.geniesession;
    exports io.geniesession.spi;

    uses io.geniesession.spi.KeySource;
    uses io.geniesession.spi.SessionAdapterProvider;
}
