package io.geniesession.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/**
 * Hands Flyway our scripts. Flyway itself would search the class path, which finds nothing inside a named module or an unusual
 * jar, and might find what is not ours.
 */
final class MigrationScripts implements ResourceProvider {

    private final String folder;
    private final List<String> names;

    /** Hands out the scripts for one kind of database. */
    MigrationScripts(String folder, List<String> names) {
        this.folder = folder;
        this.names = names;
    }

    @Override
    public @Nullable LoadableResource getResource(String name) {
        return names.stream()
                .filter(name::equals)
                .findFirst()
                .map(found -> new Script(folder, found))
                .orElse(null);
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
        return names.stream()
                .filter(name -> name.startsWith(prefix))
                .filter(name -> Arrays.stream(suffixes).anyMatch(name::endsWith))
                .<LoadableResource>map(name -> new Script(folder, name))
                .toList();
    }

    private static final class Script extends LoadableResource {
        private final String folder;
        private final String name;

        Script(String folder, String name) {
            this.folder = folder;
            this.name = name;
        }

        @Override
        public Reader read() {
            String path = "migration/" + folder + '/' + name;
            try (InputStream in = Objects.requireNonNull(MigrationScripts.class.getResourceAsStream(path), path);
                    Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
                StringWriter text = new StringWriter();
                reader.transferTo(text);
                return new StringReader(text.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String getAbsolutePath() {
            return "io/geniesession/jdbc/migration/" + folder + '/' + name;
        }

        @Override
        public String getAbsolutePathOnDisk() {
            return getAbsolutePath();
        }

        @Override
        public String getFilename() {
            return name;
        }

        @Override
        public String getRelativePath() {
            return name;
        }
    }
}
