/** A filter and an {@code HttpSession} view that keep sessions outside the servlet container. */
module io.geniesession.servlet {
    requires static org.jspecify;
    requires transitive io.geniesession;
    requires transitive jakarta.servlet;
}
