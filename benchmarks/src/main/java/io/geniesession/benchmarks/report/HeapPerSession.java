package io.geniesession.benchmarks.report;

import io.geniesession.benchmarks.Contestant;
import io.geniesession.benchmarks.Store;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** Weighs sessions in this process's memory, with the texts in them, which nobody else refers to. */
final class HeapPerSession {
    private HeapPerSession() {}

    static double of(Contestant contestant, Workload workload, int sessions) throws IOException {
        try (Store store = contestant.open()) {
            store.create(workload.copiedAttributes());
            long before = used();
            for (int i = 0; i < sessions; i++) {
                store.create(workload.copiedAttributes());
            }
            return (used() - before) / (double) sessions;
        }
    }

    /** What is left after everything was collected that can be; the second time for what the first one released. */
    private static long used() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
