/** A container's view: initializers are looked up as services. */
module servlet.consumer {
    requires io.geniesession.servlet;

    uses jakarta.servlet.ServletContainerInitializer;
}
