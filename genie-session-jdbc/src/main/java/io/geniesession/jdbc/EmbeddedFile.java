package io.geniesession.jdbc;

import io.geniesession.SessionConfigException;
import io.geniesession.spi.CoreSettings;
import io.geniesession.spi.Settings;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The H2 file that is used when no URL is given: {@code ./genie-session/<application>.mv.db}. Folder and files are created for
 * the eyes of their owner only, where the file system knows owners. Beside the file stands a note with the id of the process
 * that opened it last, for the message that another one gets.
 *
 * @param base the file's path without its ending
 */
record EmbeddedFile(Path base) {

    private static final System.Logger LOG = System.getLogger(EmbeddedFile.class.getName());
    private static final Path FOLDER = Path.of("genie-session");

    /** Returns the file of the application that the settings name. */
    static EmbeddedFile of(Settings settings) {
        return new EmbeddedFile(FOLDER.resolve(settings.get(CoreSettings.APPLICATION))
                .toAbsolutePath()
                .normalize());
    }

    /** Returns the file of a URL, where that is a path. */
    static Optional<EmbeddedFile> of(JdbcUrl url) {
        String path = url.toString().replaceFirst("jdbc:h2:", "").replaceFirst("^(?:file|nio|async|retry):", "");
        return path.matches("[a-z]{2,}:.*") || path.startsWith("~")
                ? Optional.empty()
                : Optional.of(new EmbeddedFile(Path.of(path).toAbsolutePath().normalize()));
    }

    /** Creates the folder and an empty file, which H2 takes as a new database. */
    void prepare() {
        boolean posix = isPosix();
        try {
            Path folder = base.toAbsolutePath().getParent();
            if (folder != null && !Files.isDirectory(folder)) {
                Files.createDirectories(folder, attributes(posix, "rwx------"));
            }
            createFile(database(), posix);
        } catch (IOException e) {
            throw new SessionConfigException(
                    "The folder of the embedded session database cannot be written: " + database()
                            + ". Start the application in a folder that it may write to, or set "
                            + JdbcSettings.URL.name() + ".",
                    e);
        }
    }

    private boolean isPosix() {
        return base.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static void createFile(Path file, boolean posix) throws IOException {
        try {
            Files.createFile(file, attributes(posix, "rw-------"));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isWritable(file)) {
                throw e;
            }
        }
    }

    private static FileAttribute<?>[] attributes(boolean posix, String permissions) {
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    Path database() {
        return withEnding(".mv.db");
    }

    private Path note() {
        return withEnding(".pid");
    }

    private Path withEnding(String ending) {
        return base.resolveSibling(base.getFileName() + ending);
    }

    /** Notes that this process has the file open. Only a help for messages: failing costs nothing. */
    void noteOwner() {
        try {
            createFile(note(), isPosix());
            Files.writeString(note(), Long.toString(ProcessHandle.current().pid()));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "No note of the process id: " + note());
        }
    }

    /** Says who has the file open, as far as that is known. */
    String owner() {
        try {
            long pid = Long.parseLong(Files.readString(note()).strip());
            if (pid != ProcessHandle.current().pid()
                    && ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
                return "process " + pid;
            }
        } catch (IOException | NumberFormatException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "No note of a process id: " + note());
        }
        return "another process";
    }

    /** Returns the URL of the database. */
    JdbcUrl url(JdbcSettings.Durability durability) {
        // "async": an interrupted thread would otherwise close the file under everybody. The trace file would hold
        // values. The same id is hardly asked for twice in a row by one connection, and finding out costs a third of a
        // read.
        return new JdbcUrl("jdbc:h2:async:" + base
                + ";DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0;OPTIMIZE_REUSE_RESULTS=0"
                + (durability == JdbcSettings.Durability.FULL ? ";WRITE_DELAY=0" : ""));
    }
}
