import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Counts the test cases in all Surefire reports below a folder.
 *
 * <p>Prints five numbers: passed, failed and skipped test cases, then how many test cases of classes named after
 * PostgreSQL ran, and how many of those were skipped although PostgreSQL would have run them. The adapter kit skips what a
 * store does not claim to do (keeping references, for one), on whatever database; that is no missing PostgreSQL.
 */
final class TestReport {
    private int passed;
    private int failed;
    private int skipped;
    private int postgresRun;
    private int postgresSkipped;

    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            System.err.println("usage: java TestReport.java FOLDER");
            System.exit(2);
        }
        TestReport report = new TestReport();
        for (Path file : reportsBelow(Path.of(args[0]))) {
            report.add(file);
        }
        System.out.printf(
                "%d %d %d %d %d%n",
                report.passed, report.failed, report.skipped, report.postgresRun, report.postgresSkipped);
    }

    private static List<Path> reportsBelow(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(TestReport::isReport).toList();
        }
    }

    private static boolean isReport(Path file) {
        String name = file.getFileName().toString();
        Path folder = file.getParent();
        return name.startsWith("TEST-")
                && name.endsWith(".xml")
                && folder != null
                && folder.endsWith(Path.of("target", "surefire-reports"));
    }

    private void add(Path file) {
        NodeList cases = parse(file).getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            add((Element) cases.item(i));
        }
    }

    private void add(Element testCase) {
        boolean postgres = testCase.getAttribute("classname").contains("Postgres");
        if (has(testCase, "skipped")) {
            skipped++;
            postgresSkipped += postgres && !isSkippedByKit(testCase) ? 1 : 0;
            return;
        }
        postgresRun += postgres ? 1 : 0;
        if (has(testCase, "failure") || has(testCase, "error")) {
            failed++;
        } else {
            passed++;
        }
    }

    /** Whether the assumption that did not hold was made in the kit itself, as the first frame of its own code shows. */
    private static boolean isSkippedByKit(Element testCase) {
        String trace = testCase.getElementsByTagName("skipped").item(0).getTextContent();
        int first = trace.indexOf("at io.geniesession.");
        return first >= 0 && trace.startsWith("at io.geniesession.tck.", first);
    }

    private static boolean has(Element testCase, String child) {
        return testCase.getElementsByTagName(child).getLength() > 0;
    }

    private static Document parse(Path file) {
        try {
            // Surefire copies names of parameterized tests as they are, also with characters that XML forbids.
            String text = Files.readString(file).replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]", "?");
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new org.xml.sax.InputSource(new java.io.StringReader(text)));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        } catch (Exception e) {
            throw new IllegalStateException("Not a test report: " + file, e);
        }
    }
}
