package io.geniesession.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page in Markdown as GitHub renders it, as far as links go. Code is left out of it. */
final class MarkdownPage {
    private static final Pattern FENCE = Pattern.compile("^ {0,3}(```+|~~~+).*$");
    private static final Pattern CODE_SPAN = Pattern.compile("(`+)(?!`).*?(?<!`)\\1(?!`)");
    private static final Pattern HEADING = Pattern.compile("^ {0,3}#{1,6}\\s+(.*?)(?:\\s+#+)?\\s*$");
    private static final Pattern ANCHOR = Pattern.compile("<[a-z]+[^>]*\\s(?:id|name)=\"([^\"]+)\"");
    private static final Pattern SCHEME = Pattern.compile("^[a-zA-Z][a-zA-Z0-9+.-]*:.*");

    /** Inline links and images, definitions of reference links, and links written in HTML. */
    private static final List<Pattern> LINKS = List.of(
            Pattern.compile("\\]\\(\\s*<?([^)\\s>]*)>?(?:\\s+\"[^\"]*\")?\\s*\\)"),
            Pattern.compile("^ {0,3}\\[[^\\]]+\\]:\\s*<?([^\\s>]+)>?"),
            Pattern.compile("(?:href|src|srcset)=\"([^\"]*)\""));

    private final Path file;
    private final List<String> prose;

    private MarkdownPage(Path file, List<String> prose) {
        this.file = file;
        this.prose = prose;
    }

    static MarkdownPage of(Path file) {
        try {
            return new MarkdownPage(file, withoutBlocksOfCode(Files.readAllLines(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> withoutBlocksOfCode(List<String> lines) {
        List<String> prose = new ArrayList<>();
        String open = "";
        for (String line : lines) {
            Matcher fence = FENCE.matcher(line);
            if (open.isEmpty() && fence.matches()) {
                open = fence.group(1);
            } else if (open.isEmpty()) {
                prose.add(line);
            } else if (line.strip().startsWith(open)
                    && line.strip().chars().allMatch(c -> c == line.strip().charAt(0))) {
                open = "";
            }
        }
        return prose;
    }

    /** Returns the targets of all links that lead to a file or heading rather than to another site. */
    List<String> relativeLinks() {
        return prose.stream()
                .map(line -> CODE_SPAN.matcher(line).replaceAll(""))
                .flatMap(line -> LINKS.stream().flatMap(link -> groups(link, line)))
                .filter(target -> !SCHEME.matcher(target).matches() && !target.startsWith("//"))
                .toList();
    }

    /** Returns the links that lead nowhere, each with the reason. */
    List<String> brokenLinks() {
        return relativeLinks().stream().flatMap(this::fault).toList();
    }

    private Stream<String> fault(String link) {
        int hash = link.indexOf('#');
        String path = URLDecoder.decode(
                (hash < 0 ? link : link.substring(0, hash)).replace("+", "%2B"), StandardCharsets.UTF_8);
        Path target = path.isEmpty() ? file : file.resolveSibling(path).normalize();
        if (!Files.exists(target)) {
            return Stream.of(link + ": no such file");
        }
        boolean page = target.toString().endsWith(".md");
        return hash < 0 || !page || of(target).anchors().contains(link.substring(hash + 1))
                ? Stream.of()
                : Stream.of(link + ": no such heading");
    }

    /** Returns what can stand behind {@code #} in a link to this page. */
    Set<String> anchors() {
        Set<String> anchors = new HashSet<>();
        Map<String, Integer> uses = new HashMap<>();
        for (String line : prose) {
            groups(ANCHOR, line).forEach(anchors::add);
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                String slug = slug(heading.group(1));
                int before = uses.merge(slug, 1, Integer::sum) - 1;
                anchors.add(before == 0 ? slug : slug + "-" + before);
            }
        }
        return anchors;
    }

    /** Only the text of a link counts, no punctuation, and spaces become hyphens. */
    private static String slug(String heading) {
        return heading.replaceAll("!?\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
                .replaceAll("<[^>]+>", "")
                .strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}\\p{M}\\p{Pc} -]", "")
                .replace(' ', '-');
    }

    private static Stream<String> groups(Pattern pattern, String line) {
        return pattern.matcher(line).results().map(match -> match.group(1));
    }
}
