package io.geniesession.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Links within the documentation lead somewhere. */
class DocumentationTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
    private static final Set<String> SKIPPED = Set.of("target", ".git", "node_modules");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)#(\\w+)`");

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource
    @DisplayName("every relative link leads to a file and a heading that exist")
    void relativeLinksLeadSomewhere(Path page) {
        assertThat(MarkdownPage.of(ROOT.resolve(page)).brokenLinks()).isEmpty();
    }

    static List<Path> relativeLinksLeadSomewhere() throws IOException {
        return filesThatEndWith(".md");
    }

    private static List<Path> filesThatEndWith(String ending) throws IOException {
        List<Path> pages = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                return SKIPPED.contains(dir.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(ending)) {
                    pages.add(ROOT.relativize(file));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return pages.stream().sorted().toList();
    }

    @Test
    @DisplayName("the pages of the repository are found, and links in them")
    void pagesAndLinksAreFound() throws IOException {
        assertThat(relativeLinksLeadSomewhere()).contains(Path.of("README.md"), Path.of("docs", "how-it-works.md"));
        assertThat(MarkdownPage.of(ROOT.resolve("README.md")).relativeLinks()).contains("LICENSE");
    }

    @Test
    @DisplayName("links to files and headings that do not exist are reported")
    void brokenLinksAreReported() throws IOException {
        write("other.md", "# A heading\n");
        MarkdownPage page = write("page.md", """
                [a](missing.md) ![b](missing.png "title") <img src="missing.gif">
                [c](other.md#nothing), [d](#nowhere)

                [e]: missing.txt
                """);

        assertThat(page.brokenLinks())
                .containsExactlyInAnyOrder(
                        "missing.md: no such file",
                        "missing.png: no such file",
                        "missing.gif: no such file",
                        "missing.txt: no such file",
                        "other.md#nothing: no such heading",
                        "#nowhere: no such heading");
    }

    @Test
    @DisplayName("links that lead somewhere, to other sites, or stand in code are left alone")
    void otherLinksAreLeftAlone() throws IOException {
        write("an other.md", "# `get` & set: a [linked](x) Heading_1!\n# Twice\n# Twice\n<a id=\"here\"></a>\n");
        MarkdownPage page = write("page.md", """
                ## Top
                [a](an%20other.md#get--set-a-linked-heading_1) [b](an%20other.md#twice-1) [c](an%20other.md#here) [d](#top)
                [e](https://example.com/missing) [f](mailto:x@example.com) `[g](missing.md)` ``a ` [h](missing.md)``
                ```sh
                [i](missing.md)
                # no heading
                ```
                """);

        assertThat(page.brokenLinks()).isEmpty();
        assertThat(page.relativeLinks()).hasSize(4);
        assertThat(page.anchors()).containsExactly("top");
    }

    @Test
    @DisplayName("each test that the security page names exists")
    void namedTestsExist() throws IOException {
        Map<String, Path> sources = new HashMap<>();
        for (Path source : filesThatEndWith(".java")) {
            sources.put(source.getFileName().toString().replace(".java", ""), ROOT.resolve(source));
        }
        List<String> missing = new ArrayList<>();
        Matcher named = TEST.matcher(Files.readString(ROOT.resolve("docs/security.md")));
        int tests = 0;
        while (named.find()) {
            Path source = sources.get(named.group(1));
            if (source == null || !Files.readString(source).contains("void " + named.group(2) + "(")) {
                missing.add(named.group());
            }
            tests++;
        }
        assertThat(missing).isEmpty();
        assertThat(tests).isGreaterThan(40);
    }

    private MarkdownPage write(String name, String text) throws IOException {
        return MarkdownPage.of(Files.writeString(folder.resolve(name), text));
    }
}
