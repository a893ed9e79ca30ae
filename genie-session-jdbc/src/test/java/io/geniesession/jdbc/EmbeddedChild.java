package io.geniesession.jdbc;

import static io.geniesession.jdbc.TestSessions.session;
import static io.geniesession.jdbc.TestSessions.set;

import io.geniesession.SessionException;
import io.geniesession.spi.NewSession;
import io.geniesession.spi.PersistResult;
import io.geniesession.spi.SessionAdapter;
import io.geniesession.spi.SessionRecord;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** An application with no setting at all, in a process of its own. What it does goes to its output, line by line. */
final class EmbeddedChild {

    private EmbeddedChild() {}

    /** Starts the application in a folder. */
    static Process start(Path folder, String mode) throws IOException {
        return ChildProcess.start(folder, EmbeddedChild.class, mode);
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
