package io.geniesession.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.geniesession.SessionId;
import io.geniesession.Sessions;
import io.geniesession.tck.SettableClock;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes share their sessions, one of them in a process with another locale, time zone and charset. */
@Timeout(5 * 60)
final class PostgresDefaultsTest {

    /** Capital i with a dot; digits and eras of their own; half an hour of summer time; no letters but those of ASCII. */
    private static final List<List<String>> PROCESSES = List.of(
            List.of(
                    "-Duser.language=tr",
                    "-Duser.country=TR",
                    "-Dfile.encoding=ISO-8859-9",
                    "-Duser.timezone=Europe/Istanbul"),
            List.of(
                    "-Duser.language=ar",
                    "-Duser.country=EG",
                    "-Duser.extensions=u-nu-arab",
                    "-Dfile.encoding=US-ASCII",
                    "-Duser.timezone=Africa/Cairo"),
            List.of(
                    "-Duser.language=th",
                    "-Duser.country=TH",
                    "-Duser.extensions=u-ca-buddhist-nu-thai",
                    "-Dfile.encoding=ISO-8859-1",
                    "-Duser.timezone=Australia/Lord_Howe"),
            List.of(
                    "-Duser.language=hi",
                    "-Duser.country=IN",
                    "-Duser.extensions=u-nu-deva",
                    "-Dfile.encoding=UTF-16",
                    "-Duser.timezone=Europe/Berlin"),
            List.of(
                    "-Duser.language=lt",
                    "-Duser.country=LT",
                    "-Dfile.encoding=IBM037",
                    "-Duser.timezone=America/St_Johns"));

    @TempDir
    private Path folder;

    private final TestDatabase database = TestDatabase.postgres();

    @Test
    void nodesWithOtherDefaultsReadEachOther() throws Exception {
        for (List<String> options : PROCESSES) {
            share(options);
        }
        database.close();
    }

    private void share(List<String> options) throws Exception {
        try (Sessions node = DefaultsChild.open(SettableClock.at(DefaultsChild.SPRING), database.settings())) {
            SessionId id = DefaultsChild.stored(node);
            List<String> arguments = new ArrayList<>(List.of(id.value()));
            database.settings().forEach((name, value) -> arguments.addAll(List.of(name, value)));
            Process child = ChildProcess.start(folder, options, DefaultsChild.class, arguments.toArray(new String[0]));
            String zone = options.get(options.size() - 1).split("=", -1)[1];
            try (BufferedReader output = ChildProcess.output(child)) {
                List<String> said = output.lines().toList();
                assertThat(said).as(options.toString()).hasSize(2).first().isEqualTo(zone);
                assertThat(said.get(1)).startsWith("ok ");
                DefaultsChild.checkStored(
                        node, SessionId.parse(said.get(1).substring(3)).orElseThrow());
            }
            assertThat(node.load(id).orElseThrow().get("child")).contains("ı😀");
        }
    }
}
