package io.geniesession.applications;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpCookie;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jsoup.Connection;
import org.jsoup.Jsoup;
import org.jsoup.helper.HttpConnection;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.FormElement;
import org.jsoup.select.Elements;

/** Somebody with a browser: keeps cookies, follows redirects and sends forms as they are, with every hidden field. */
final class Visitor {

    private static final String COOKIE = "__geniesid";

    private final Connection session =
            Jsoup.newSession().ignoreHttpErrors(true).timeout(60_000).maxBodySize(0);
    private String base;

    /**
     * Creates a visitor without cookies.
     *
     * @param base the node to ask, and the context path
     */
    Visitor(String base) {
        this.base = base;
    }

    /** Goes on at another node, with the cookies there are. */
    Visitor at(String other) {
        base = other;
        return this;
    }

    Page get(String path) {
        return send(session.newRequest(base + path));
    }

    /** Clicks a link of a page. */
    Page follow(Page page, String link) {
        return send(session.newRequest(here(page.one(link).absUrl("href"))));
    }

    /**
     * Clicks a button of a page.
     *
     * @param button tells the button, and with it the form, as CSS does
     * @param fields names and values in turn, of what was typed
     */
    Page click(Page page, String button, String... fields) {
        Element clicked = page.one(button);
        FormElement form = (FormElement) clicked.closest("form");
        for (int i = 0; i < fields.length; i += 2) {
            fill(form.select("[name=\"" + fields[i] + "\"]"), fields[i + 1]);
        }
        List<String> buttons = form.select("[type=submit]").eachAttr("name");
        List<Connection.KeyVal> data = new ArrayList<>(form.formData());
        data.removeIf(field -> buttons.contains(field.key()));
        if (clicked.hasAttr("name")) {
            data.add(HttpConnection.KeyVal.create(clicked.attr("name"), clicked.attr("value")));
        }
        boolean posts = form.attr("method").equalsIgnoreCase("post");
        String action =
                form.hasAttr("action") ? form.absUrl("action") : page.document().location();
        return send(session.newRequest(here(action))
                .data(data)
                .method(posts ? Connection.Method.POST : Connection.Method.GET));
    }

    private static void fill(Elements fields, String value) {
        if (fields.is("[type=checkbox]")) {
            fields.attr("checked", "checked");
        } else {
            fields.val(value);
        }
    }

    /** A page that another node made leads to the node that is asked now. */
    private String here(String url) {
        URI target = URI.create(url);
        String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
        return URI.create(base).resolve(target.getRawPath()) + query;
    }

    private static Page send(Connection request) {
        try {
            Connection.Response response = request.execute();
            return new Page(response.statusCode(), response.parse());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<String> sessionCookie() {
        return cookie(COOKIE);
    }

    Optional<String> cookie(String name) {
        return session.cookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(name))
                .map(HttpCookie::getValue)
                .findFirst();
    }

    /** Presents a session cookie that somebody else had. */
    Visitor holding(String value) {
        HttpCookie cookie = new HttpCookie(COOKIE, value);
        cookie.setPath("/");
        session.cookieStore().add(URI.create(base), cookie);
        return this;
    }

    /** What was answered in the end, after redirects. */
    record Page(int status, Document document) {

        Element one(String selector) {
            Element found = document.selectFirst(selector);
            if (found == null) {
                throw new AssertionError("There is no " + selector + " on " + path() + ":\n" + document);
            }
            return found;
        }

        String text(String selector) {
            return one(selector).text();
        }

        boolean has(String selector) {
            return document.selectFirst(selector) != null;
        }

        String path() {
            return URI.create(document.location()).getPath();
        }
    }
}
