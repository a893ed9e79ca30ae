/** Contract tests for authors of adapters. */
module io.geniesession.tck {
    requires static org.jspecify;
    requires transitive io.geniesession;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;

    exports io.geniesession.tck;

    opens io.geniesession.tck;
}
