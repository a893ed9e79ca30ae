/** Sessions in the memory of one process. */
module io.geniesession.memory {
    requires static org.jspecify;
    requires com.github.benmanes.caffeine;
    requires transitive io.geniesession;
}
