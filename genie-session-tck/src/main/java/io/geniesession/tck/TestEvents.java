package io.geniesession.tck;

import io.geniesession.EndReason;
import io.geniesession.SessionEnd;
import io.geniesession.SessionInfo;
import io.geniesession.SessionKey;
import io.geniesession.SessionListener;
import io.geniesession.SessionMeter;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers what listeners and meters are told, on all nodes together. Safe for use by several threads. */
final class TestEvents implements SessionListener, SessionMeter {
    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicInteger> counters = new ConcurrentHashMap<>();

    /** Returns what listeners were told, such as {@code created KEY}, and forgets it. */
    List<String> told() {
        List<String> all = List.copyOf(told);
        told.removeAll(all);
        return all;
    }

    int count(String what) {
        return counters.computeIfAbsent(what, any -> new AtomicInteger()).get();
    }

    /** How often the store was written to. */
    int writes() {
        return count("created") + count("persisted") + count("touched");
    }

    static String created(SessionKey key) {
        return "created " + key;
    }

    static String renewed(SessionKey key) {
        return "renewed " + key;
    }

    static String ended(SessionKey key, EndReason reason) {
        return "ended " + key + " " + reason;
    }

    static String formerIdRefused(SessionKey key) {
        return "former id refused " + key;
    }

    static String changesLost(SessionKey key) {
        return "changes lost " + key;
    }

    private void counted(String what) {
        counters.computeIfAbsent(what, any -> new AtomicInteger()).incrementAndGet();
    }

    @Override
    public void created(SessionInfo session) {
        told.add(created(session.key()));
    }

    @Override
    public void renewed(SessionInfo session, String formerPublicId) {
        told.add(renewed(session.key()));
    }

    @Override
    public void ended(SessionEnd ended) {
        told.add(ended(ended.session().key(), ended.reason()));
    }

    @Override
    public void formerIdRefused(SessionInfo session, String formerPublicId) {
        told.add(formerIdRefused(session.key()));
    }

    @Override
    public void changesLost(SessionInfo session) {
        told.add(changesLost(session.key()));
    }

    @Override
    public void loaded(boolean found) {
        counted(found ? "loaded" : "missed");
    }

    @Override
    public void created() {
        counted("created");
    }

    @Override
    public void persisted() {
        counted("persisted");
    }

    @Override
    public void touched() {
        counted("touched");
    }

    @Override
    public void conflict() {
        counted("conflict");
    }

    @Override
    public void gone() {
        counted("gone");
    }

    @Override
    public void failed(boolean outcomeUnknown) {
        counted("failed");
    }

    @Override
    public void swept(int removed, boolean backlog) {
        counted("swept");
    }
}
