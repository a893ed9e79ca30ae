package io.geniesession.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.applications.Visitor.Page;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The register on one node, which keeps its sessions in the H2 file that is there when nothing is set. */
class WicketFileTest {

    @TempDir
    private Path folder;

    private Node started() throws IOException {
        return Node.start(
                RegisterNode.class,
                folder,
                Map.of("webapp", Path.of("src/main/webapp").toAbsolutePath().toString()));
    }

    @Test
    @DisplayName("after a restart on the H2 file everybody is signed in, and open pages are there")
    void restart() throws Exception {
        Visitor ada;
        Page one;
        try (Node node = started()) {
            ada = new Visitor(node.url());
            one = ada.follow(ada.click(ada.get("/guests"), "#enter", "who", "ada", "password", "ada"), ".more");
            node.stop();
        }
        assertThat(folder.resolve("genie-session")).isNotEmptyDirectory();
        try (Node node = started()) {
            Page two = ada.at(node.url()).follow(one, ".more");
            assertThat(two.text("#clerk")).isEqualTo("ada");
            assertThat(two.text(".party")).isEqualTo("2");
            assertThat(node.output()).doesNotContain("SEVERE");
        }
    }
}
