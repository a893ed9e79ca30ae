/** An application that names no adapter: the one on its path is found. */
module consumer {
    requires io.geniesession;
}
