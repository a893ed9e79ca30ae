package io.geniesession.benchmarks.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Results in a JSON file. It is replaced as a whole, so a run that is killed leaves one that can be read. Immutable. */
final class ResultsFile {
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private final Path path;

    ResultsFile(Path path) {
        this.path = path;
    }

    boolean exists() {
        return Files.exists(path);
    }

    Results read() {
        try {
            return require(GSON.fromJson(Files.readString(path), Results.class));
        } catch (IOException e) {
            throw new UncheckedIOException("The results cannot be read", e);
        } catch (JsonParseException e) {
            throw new IllegalStateException(path.getFileName() + " holds no results; remove it and measure again", e);
        }
    }

    /** Empty results if nothing is there yet. */
    Results readIfExists() {
        return exists() ? read() : Results.EMPTY;
    }

    void write(Results results) {
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            Path fresh = path.resolveSibling(path.getFileName() + ".new");
            Files.writeString(fresh, GSON.toJson(results) + "\n");
            Files.move(fresh, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("The results cannot be written", e);
        }
    }

    private Results require(Results read) {
        if (read == null) {
            throw new JsonParseException(path.getFileName() + " is empty");
        }
        return read;
    }
}
