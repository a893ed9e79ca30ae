package com.example.web;

import io.geniesession.servlet.SessionFilter;
import jakarta.servlet.ServletContainerInitializer;
import java.util.ServiceLoader;

/** Prints the initializers that a container would run. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        for (ServletContainerInitializer initializer : ServiceLoader.load(ServletContainerInitializer.class)) {
            System.out.println("initializer=" + initializer.getClass().getName());
        }
        System.out.println("named=" + SessionFilter.class.getModule().isNamed());
    }
}
