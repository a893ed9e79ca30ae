package io.geniesession.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** What one visitor does, request by request, and what the pages look at meanwhile. */
final class Scenario {

    /** One request. */
    record Step(String name, String method, UnaryOperator<String> cookies, Page page) {}

    /** A page that shows what it sees. */
    interface Page {
        void answer(HttpServletRequest request, HttpServletResponse response, Transcript seen) throws Exception;
    }

    final String name;
    final List<Step> steps = new ArrayList<>();

    Scenario(String name) {
        this.name = name;
    }

    /** Comes with the cookies that the browser has. */
    Scenario get(String step, Page page) {
        return send("GET", step, page);
    }

    Scenario send(String method, String step, Page page) {
        return add(step, method, cookies -> cookies, page);
    }

    /** Comes with other cookies than the browser has, which are handed in as a header and may be empty. */
    Scenario with(UnaryOperator<String> cookies, String step, Page page) {
        return add(step, "GET", cookies, page);
    }

    private Scenario add(String step, String method, UnaryOperator<String> cookies, Page page) {
        steps.add(new Step(step, method, cookies, page));
        return this;
    }

    @Override
    public String toString() {
        return name;
    }
}
