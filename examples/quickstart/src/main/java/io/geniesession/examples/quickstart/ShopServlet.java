package io.geniesession.examples.quickstart;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Maps requests to pages and actions. Every action answers with a redirect to a page that shows what came of it, so
 * that reloading never repeats one.
 *
 * <p>Safe for use by several threads.
 */
final class ShopServlet extends HttpServlet {

    static final String ERROR_PAGE = "/error";

    private static final long serialVersionUID = 1;
    private static final Pattern FILE = Pattern.compile("/[a-z]+\\.(css|svg)");

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = path(request);
        if (FILE.matcher(path).matches()) {
            sendFile(path, response);
            return;
        }
        Visitor visitor = new Visitor(request);
        Pages pages = new Pages(visitor, Instant.now(), request.getLocalPort());
        switch (path) {
            case "/" -> send(pages.catalogue(), response);
            case "/cart" -> send(pages.cart(), response);
            case "/sign-in" -> {
                if (visitor.name().isPresent()) {
                    response.sendRedirect("/account");
                } else {
                    send(pages.signIn(), response);
                }
            }
            case "/account" -> {
                Optional<String> name = visitor.name();
                if (name.isPresent()) {
                    send(pages.account(name.get()), response);
                } else {
                    response.sendRedirect("/sign-in");
                }
            }
            default -> response.sendError(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!SameOrigin.mayHaveSent(request)) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        Visitor visitor = new Visitor(request);
        if (!visitor.sentOwnForm(request.getParameter("token"))) {
            visitor.tellProblem("That page was out of date, so nothing has changed. Please try again.");
            seeOther("/", response);
            return;
        }
        String next = act(path(request), request, visitor);
        if (next == null) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        } else {
            seeOther(next, response);
        }
    }

    /** Does what a form asks for and returns the page to go to, or null if there is no such form. */
    private static @Nullable String act(String path, HttpServletRequest request, Visitor visitor) {
        return switch (path) {
            case "/cart/add" -> changeCart(request, visitor, pieces -> pieces + 1, "One %s added to your cart.");
            case "/cart/less" -> changeCart(request, visitor, pieces -> pieces - 1, "One %s taken out of your cart.");
            case "/cart/remove" -> changeCart(request, visitor, pieces -> 0, "%s: no longer in your cart.");
            case "/sign-in" -> signIn(request, visitor);
            case "/sign-out" -> signOut(visitor);
            case "/sign-out-everywhere" -> signOutEverywhere(visitor);
            case "/devices/sign-out" -> signOutDevice(request, visitor);
            default -> null;
        };
    }

    private static @Nullable String changeCart(
            HttpServletRequest request, Visitor visitor, UnaryOperator<Integer> change, String notice) {
        String id = request.getParameter("product");
        Optional<Product> product = id == null ? Optional.empty() : Product.find(id);
        if (product.isEmpty()) {
            return null;
        }
        visitor.requireFormToken();
        visitor.changeCart(product.get(), change);
        visitor.tell(String.format(Locale.ROOT, notice, product.get().name()));
        return "cart".equals(request.getParameter("from")) ? "/cart" : "/";
    }

    private static String signIn(HttpServletRequest request, Visitor visitor) {
        Optional<String> name = SignIn.check(request.getParameter("name"), request.getParameter("password"));
        if (name.isEmpty()) {
            visitor.tellProblem("That name and password do not go together. Please try again.");
            return "/sign-in";
        }
        visitor.signIn(name.get());
        visitor.tell("Welcome, " + name.get() + ". You are signed in.");
        return "/";
    }

    private static String signOut(Visitor visitor) {
        if (visitor.name().isPresent()) {
            visitor.signOut();
        }
        visitor.tell("You are signed out on this device.");
        return "/";
    }

    private static String signOutEverywhere(Visitor visitor) {
        Optional<String> name = visitor.name();
        if (name.isEmpty()) {
            return "/sign-in";
        }
        int others = visitor.signOutEverywhere(name.get());
        visitor.tell(
                switch (others) {
                    case 0 -> "You are signed out. This was the only device.";
                    case 1 -> "You are signed out on this and one other device.";
                    default -> "You are signed out on this and " + others + " other devices.";
                });
        return "/";
    }

    private static String signOutDevice(HttpServletRequest request, Visitor visitor) {
        Optional<String> name = visitor.name();
        if (name.isEmpty()) {
            return "/sign-in";
        }
        String key = request.getParameter("device");
        Optional<String> device = visitor.signOutDevice(name.get(), key == null ? "" : key);
        visitor.tell(device.map(signedOut -> "Signed out: " + signedOut + ".")
                .orElse("That device was signed out already."));
        return "/account";
    }

    /** Answers a failed request without a session, which may be just what failed. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (path(request).equals(ERROR_PAGE)) {
            sendFailure(request, response);
        } else {
            super.service(request, response);
        }
    }

    private static void sendFailure(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        int code = status instanceof Integer given ? given : HttpServletResponse.SC_NOT_FOUND;
        response.setStatus(code);
        send(
                switch (code) {
                    case 403 ->
                        Pages.failure("Not from here", "This form was sent by another site. Nothing has changed.");
                    case 404 -> Pages.failure("Not found", "There is no such page in this shop.");
                    case 405 -> Pages.failure("Not that way", "This page cannot be asked for like that.");
                    case 503 ->
                        Pages.failure(
                                "One moment, please",
                                "The shop cannot reach its sessions. You stay signed in and your cart is safe: try again soon.");
                    default -> Pages.failure("That went wrong", "It is our fault, not yours. Please try again.");
                },
                response);
    }

    private static String path(HttpServletRequest request) {
        return request.getServletPath();
    }

    private static void seeOther(String path, HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader("Location", path);
    }

    private static void send(Html page, HttpServletResponse response) throws IOException {
        // Nobody who presses "back" after the sign-out sees the pages from before.
        response.setHeader("Cache-Control", "no-store");
        send("text/html;charset=UTF-8", page.markup().getBytes(StandardCharsets.UTF_8), response);
    }

    private static void sendFile(String path, HttpServletResponse response) throws IOException {
        try (InputStream file = ShopServlet.class.getResourceAsStream("static" + path)) {
            if (file == null) {
                response.sendError(HttpServletResponse.SC_NOT_FOUND);
                return;
            }
            response.setHeader("Cache-Control", "max-age=300");
            send(path.endsWith(".css") ? "text/css;charset=UTF-8" : "image/svg+xml", file.readAllBytes(), response);
        }
    }

    private static void send(String type, byte[] content, HttpServletResponse response) throws IOException {
        response.setContentType(type);
        response.setContentLength(content.length);
        response.getOutputStream().write(content);
    }
}
