/** Sessions, the adapter SPI, configuration, value encoding and events. */
module io.geniesession {
    requires static org.jspecify;

    exports io.geniesession;
    exports io.geniesession.spi;
}
