package io.geniesession.integration;

import java.nio.file.Path;
import java.util.List;

/** Where an application may put jars. */
enum Place {
    MODULE_PATH("--module-path") {
        @Override
        List<String> launch(List<Path> path, String module, String mainClass) {
            return List.of("--module-path", Jars.path(path), "--module", module + "/" + mainClass);
        }
    },
    CLASS_PATH("--class-path") {
        @Override
        List<String> launch(List<Path> path, String module, String mainClass) {
            return List.of("--class-path", Jars.path(path), mainClass);
        }
    };

    private final String option;

    Place(String option) {
        this.option = option;
    }

    /** Returns the option of the compiler for this place. */
    String option() {
        return option;
    }

    /** Returns the arguments that start a class which is on the path as well. */
    abstract List<String> launch(List<Path> path, String module, String mainClass);

    boolean isNamed() {
        return this == MODULE_PATH;
    }
}
