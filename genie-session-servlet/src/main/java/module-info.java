/** A filter and an {@code HttpSession} view that keep sessions outside the servlet container. */
module io.geniesession.servlet {
    requires static org.jspecify;
    requires transitive io.geniesession;
    requires transitive jakarta.servlet;

    exports io.geniesession.servlet;

    provides jakarta.servlet.ServletContainerInitializer with
            io.geniesession.servlet.GenieSessionInitializer;
}
