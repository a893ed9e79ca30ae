package io.geniesession.applications;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of an application have in common: two nodes for all of them, on which nothing may have failed after each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TwoNodesTest {

    private final Class<?> main;
    private @Nullable Path folder;
    private @Nullable Cluster cluster;

    /** @param main what a node runs */
    TwoNodesTest(Class<?> main) {
        this.main = main;
    }

    @BeforeAll
    final void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        cluster = Cluster.start(main, temporary);
    }

    @AfterAll
    final void stop() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
    }

    @AfterEach
    final void nothingFailed() {
        cluster().assertNothingFailed();
    }

    final Cluster cluster() {
        return requireNonNull(cluster);
    }

    /** Where the nodes and the browser work; it is removed in the end. */
    final Path folder() {
        return requireNonNull(folder);
    }
}
