package io.geniesession.examples.quickstart;

import io.geniesession.examples.quickstart.Visitor.SignedInDevice;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pages of the shop. They need no script and work at the keyboard. */
final class Pages {

    private static final String LAYOUT = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{} · Genie Bazaar</title>
            <link rel="icon" href="/icon.svg" type="image/svg+xml">
            <link rel="stylesheet" href="/shop.css">
            </head>
            <body>
            <a class="skip" href="#main">Skip to content</a>
            <header class="bar">
            <div class="wide">
            <a class="brand" href="/"><img src="/icon.svg" alt="" width="32" height="32">Genie Bazaar</a>
            {}
            </div>
            </header>
            <main id="main" class="wide" tabindex="-1">
            {}
            </main>
            <footer>
            <div class="wide">
            {}
            </div>
            </footer>
            </body>
            </html>
            """;

    private final Visitor visitor;
    private final Instant now;
    private final int port;

    /**
     * Creates the pages for one request.
     *
     * @param visitor who sees them
     * @param now what "a minute ago" is counted from
     * @param port which instance of the shop answers
     */
    Pages(Visitor visitor, Instant now, int port) {
        this.visitor = visitor;
        this.now = now;
        this.port = port;
    }

    Html catalogue() {
        return page(
                "/", "Shop", Html.of("""
                <div class="hero">
                <h1>Three wishes, six&nbsp;wares</h1>
                <p>A small shop whose sessions outlive their server. Fill your cart, stop the shop in the middle of it,
                start it again: everything is where you left it.</p>
                </div>
                <h2 class="visually-hidden">Wares</h2>
                <ul class="wares">
                {}
                </ul>
                """, Product.ALL.stream().map(this::ware).toList()));
    }

    private Html ware(Product product) {
        return Html.of(
                """
                <li class="card ware">
                <img class="picture" src="/{}.svg" alt="" width="320" height="200">
                <h3>{}</h3>
                <p>{}</p>
                <form method="post" action="/cart/add">
                {}
                <span class="price">{}</span>
                <button name="product" value="{}">Add to cart<span class="visually-hidden">: {}</span></button>
                </form>
                </li>
                """,
                product.id(),
                product.name(),
                product.description(),
                token(),
                Product.price(product.cents()),
                product.id(),
                product.name());
    }

    Html cart() {
        Map<Product, Integer> cart = visitor.cart();
        return page("/cart", "Cart", cart.isEmpty() ? emptyCart() : fullCart(cart));
    }

    private static Html emptyCart() {
        return Html.of("""
                <h1>Your cart</h1>
                <div class="card empty">
                <p>Nothing in it yet.</p>
                <p><a class="button" href="/">Look at the wares</a></p>
                </div>
                """);
    }

    private Html fullCart(Map<Product, Integer> cart) {
        long total = cart.entrySet().stream()
                .mapToLong(line -> (long) line.getKey().cents() * line.getValue())
                .sum();
        return Html.of(
                """
                <h1>Your cart</h1>
                <div class="card">
                <ul class="lines">
                {}
                </ul>
                <p class="total"><span>Total</span> <strong>{}</strong></p>
                </div>
                <p class="quiet">This shop delivers by wish only: there is no checkout.</p>
                """,
                cart.entrySet().stream()
                        .map(line -> cartLine(line.getKey(), line.getValue()))
                        .toList(),
                Product.price(total));
    }

    private Html cartLine(Product product, int pieces) {
        return Html.of(
                """
                <li>
                <img class="thumb" src="/{}.svg" alt="" width="80" height="50">
                <span class="what"><strong>{}</strong> <span class="quiet">{} each</span></span>
                <form method="post" class="pieces">
                {}
                <button class="small" name="product" value="{}" formaction="/cart/less"><span aria-hidden="true">−</span><span
                class="visually-hidden">One {} less</span></button>
                <span class="number"><span class="visually-hidden">Pieces: </span>{}</span>
                <button class="small" name="product" value="{}" formaction="/cart/add"{}><span aria-hidden="true">+</span><span
                class="visually-hidden">One {} more</span></button>
                <button class="text" name="product" value="{}" formaction="/cart/remove">Remove<span
                class="visually-hidden"> {}</span></button>
                </form>
                <span class="price">{}</span>
                </li>
                """,
                product.id(),
                product.name(),
                Product.price(product.cents()),
                Html.of("{}<input type=\"hidden\" name=\"from\" value=\"cart\">", token()),
                product.id(),
                product.name(),
                pieces,
                product.id(),
                pieces < Visitor.MOST_PIECES ? Html.NOTHING : Html.of(" disabled"),
                product.name(),
                product.id(),
                product.name(),
                Product.price((long) product.cents() * pieces));
    }

    Html signIn() {
        Optional<String> problem = visitor.problem();
        return page(
                "/sign-in",
                "Sign in",
                Html.of(
                        """
                <div class="narrow">
                <h1>Sign in</h1>
                {}
                <form method="post" action="/sign-in" class="card fields">
                {}
                <label for="name">Name</label>
                <input id="name" name="name" autocomplete="username" autocapitalize="words" spellcheck="false" required
                 maxlength="{}"{}>
                <label for="password">Password</label>
                <input id="password" name="password" type="password" autocomplete="current-password" required
                 maxlength="100" aria-describedby="hint{}"{}>
                <p id="hint" class="quiet">Any name will do. The password of this demonstration is
                <kbd>{}</kbd>.</p>
                <button>Sign in</button>
                </form>
                </div>
                """,
                        problem.map(text -> problem(text)).orElse(Html.NOTHING),
                        token(),
                        SignIn.LONGEST_NAME,
                        problem.isPresent() ? Html.of(" aria-describedby=\"problem\"") : Html.NOTHING,
                        problem.isPresent() ? " problem" : "",
                        problem.isPresent() ? Html.of(" aria-invalid=\"true\"") : Html.NOTHING,
                        SignIn.PASSWORD));
    }

    Html account(String name) {
        List<SignedInDevice> devices = visitor.devices(name);
        return page(
                "/account",
                "Account",
                Html.of(
                        """
                <h1>Hello, {}</h1>
                <section aria-labelledby="devices">
                <h2 id="devices">Signed in on {}</h2>
                <ul class="card devices">
                {}
                </ul>
                </section>
                <section aria-labelledby="leave">
                <h2 id="leave">Sign out</h2>
                <form method="post" class="choices">
                {}
                <button formaction="/sign-out">Sign out here</button>
                <button class="danger" formaction="/sign-out-everywhere">Sign out everywhere</button>
                </form>
                <p class="quiet">Signing out ends the session: its cart goes with it.</p>
                </section>
                """,
                        name,
                        devices.size() == 1 ? "this device" : "these " + devices.size() + " devices",
                        devices.stream().map(this::device).toList(),
                        token()));
    }

    private Html device(SignedInDevice device) {
        return Html.of(
                """
                <li>
                <span class="what"><strong>{}</strong> {}
                <span class="quiet">started {} · last seen {}</span></span>
                {}
                </li>
                """,
                device.label(),
                device.isThis() ? Html.of("<span class=\"badge\">this device</span>") : Html.NOTHING,
                time(device.session().createdAt()),
                device.isThis() ? "now" : time(device.session().lastAccessedAt()),
                device.isThis() ? Html.NOTHING : signOutOf(device));
    }

    private Html signOutOf(SignedInDevice device) {
        return Html.of("""
                <form method="post" action="/devices/sign-out">
                {}
                <button class="plain" name="device" value="{}">Sign out<span
                class="visually-hidden"> {}</span></button>
                </form>
                """, token(), device.session().key(), device.label());
    }

    /** A page that needs no session, for when there is none to be had. */
    static Html failure(String title, String text) {
        return layout(
                title,
                Html.NOTHING,
                Html.of("""
                <div class="card empty">
                <h1>{}</h1>
                <p>{}</p>
                <p><a class="button" href="/">To the shop</a></p>
                </div>
                """, title, text),
                Html.of("<p>An example of Genie Session for Java.</p>"));
    }

    private Html page(String path, String title, Html content) {
        // Read first: a message that is shown twice is one too many, so the sign-in page shows its own.
        Html messages = Html.of(
                "{}{}",
                visitor.notice().map(Pages::notice).orElse(Html.NOTHING),
                path.equals("/sign-in")
                        ? Html.NOTHING
                        : visitor.problem().map(Pages::problem).orElse(Html.NOTHING));
        return layout(title, navigation(path), Html.of("{}{}", messages, content), footer());
    }

    private static Html layout(String title, Html navigation, Html main, Html footer) {
        return Html.of(LAYOUT, title, navigation, main, footer);
    }

    private static Html notice(String text) {
        return Html.of("<p class=\"message\" role=\"status\">{}</p>\n", text);
    }

    private static Html problem(String text) {
        return Html.of("<p class=\"message problem\" role=\"alert\" id=\"problem\">{}</p>\n", text);
    }

    private Html navigation(String path) {
        int pieces =
                visitor.cart().values().stream().mapToInt(Integer::intValue).sum();
        Html cart = pieces == 0
                ? Html.of("Cart")
                : Html.of("Cart <span class=\"count\">{}<span class=\"visually-hidden\"> pieces</span></span>", pieces);
        Html account = visitor.name()
                .map(name -> link("/account", path, Html.of("<span class=\"name\">{}</span>", name)))
                .orElseGet(() -> link("/sign-in", path, Html.of("Sign in")));
        return Html.of(
                "<nav aria-label=\"Main\">{}{}{}</nav>",
                link("/", path, Html.of("Shop")),
                link("/cart", path, cart),
                account);
    }

    private static Html link(String target, String path, Html text) {
        return Html.of(
                "<a href=\"{}\"{}>{}</a>",
                target,
                target.equals(path) ? Html.of(" aria-current=\"page\"") : Html.NOTHING,
                text);
    }

    private Html footer() {
        Html session = visitor.publicSessionId()
                .map(id -> Html.of(
                        "Your session is <code>{}…</code>, a public name that opens nothing.", id.substring(0, 8)))
                .orElse(Html.of("You have no session yet, and so no cookie."));
        return Html.of("<p>Answered on port <strong>{}</strong>. {}</p>", port, session);
    }

    private Html token() {
        return visitor.formToken()
                .map(token -> Html.of("<input type=\"hidden\" name=\"token\" value=\"{}\">", token))
                .orElse(Html.NOTHING);
    }

    private Html time(Instant instant) {
        return Html.of(
                "<time datetime=\"{}\">{}</time>",
                instant.truncatedTo(ChronoUnit.SECONDS),
                ago(Duration.between(instant, now)));
    }

    /** Tells a span the way people do, rounded down to its largest unit. */
    static String ago(Duration span) {
        if (span.toMinutes() < 1) {
            return "just now";
        }
        if (span.toHours() < 1) {
            return ago(span.toMinutes(), "minute");
        }
        return span.toDays() < 1 ? ago(span.toHours(), "hour") : ago(span.toDays(), "day");
    }

    private static String ago(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s") + " ago";
    }
}
