package com.example.store.test;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs the tests of this module and prints how many passed, failed and were skipped. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(MapSessionAdapterTest.class), selectClass(MapConcurrencyTest.class))
                                .build(),
                        listener);
        TestExecutionSummary summary = listener.getSummary();
        summary.printFailuresTo(new PrintWriter(System.err, true));
        System.out.println("passed=" + summary.getTestsSucceededCount());
        System.out.println("failed=" + summary.getTestsFailedCount());
        System.out.println("skipped=" + (summary.getTestsSkippedCount() + summary.getTestsAbortedCount()));
        System.out.println(
                "named=" + io.geniesession.tck.SessionAdapterContract.class.getModule().isNamed());
    }
}
