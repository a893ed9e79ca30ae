package com.example.shop;

import io.geniesession.Session;
import io.geniesession.Sessions;
import java.util.Arrays;

/** Visits twice, with the cookie of an earlier run if one is given, and prints what came of it. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Browser browser = new Browser(Arrays.stream(args).findFirst());
        try (Sessions sessions = Sessions.open()) {
            visit(sessions, browser);
            System.out.println("visits=" + visit(sessions, browser));
        }
        System.out.println("cookie=" + browser.cookie().orElseThrow());
        System.out.println("named=" + Sessions.class.getModule().isNamed());
    }

    private static int visit(Sessions sessions, Browser browser) {
        Session session = sessions.start(new Visit(browser));
        int visits = session.get("visits", 0) + 1;
        session.set("visits", visits).persist();
        return visits;
    }
}
