package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.session;
import static io.geniesession.jdbc.TestSessions.set;

import io.geniesession.SessionException;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionRecord;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** An application with no setting at all, in a process of its own. What it does goes to its output, line by line. */
final class EmbeddedChild {

    private EmbeddedChild() {}

    /** Starts the application in a folder. */
    static Process start(Path folder, String mode) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dfile.encoding=UTF-8",
                        "-cp",
                        absoluteClassPath(),
                        EmbeddedChild.class.getName(),
                        mode)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String absoluteClassPath() {
        String given = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(given)
                .map(entry -> new File(entry).getAbsolutePath())
                .collect(Collectors.joining(File.pathSeparator));
    }

    static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (SessionAdapter node = JdbcSessionAdapter.open(TestSessions.context(Map.of()))) {
            out.println("open");
            if (arguments[0].equals("write")) {
                write(node, out);
            }
            // Until the parent closes its end.
            System.in.read();
        } catch (SessionException e) {
            out.println(e.getMessage());
        }
    }

    /** Acknowledges each session and each change once it is stored, until somebody kills the process. */
    private static void write(SessionAdapter node, PrintStream out) {
        while (true) {
            NewSession session = session(Map.of("principal", "anna"));
            SessionRecord record = node.create(session).orElseThrow();
            out.println(session.key() + " 0");
            for (int i = 1; i <= 20; i++) {
                record = ((PersistResult.Saved) node.persist(record, set("count", Integer.toString(i)))).next();
                out.println(session.key() + " " + i);
            }
        }
    }
}
