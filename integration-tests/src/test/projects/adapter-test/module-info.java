/** Tests the adapter of somebody else with the published kit. */
open module com.example.store.test {
    requires com.example.store;
    requires io.geniesession.tck;
    requires org.junit.platform.launcher;
}
