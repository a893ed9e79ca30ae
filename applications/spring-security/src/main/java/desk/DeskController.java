package desk;

import java.security.Principal;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.servlet.view.RedirectView;
import org.springframework.web.util.HtmlUtils;

/** The pages of the desk. */
@RestController
public class DeskController {

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><title>Desk</title><link rel="icon" href="data:,"></head>
            <body>
            <h1>The desk of <span id="name">%s</span></h1>
            <p id="message">%s</p>
            <ol id="notes">%s</ol>
            <form method="post" action="notes">%s<input name="note" aria-label="Note"><button id="add">Add</button></form>
            <form method="post" action="logout">%s<button id="leave">Sign out</button></form>
            </body>
            </html>
            """;

    private final Notes notes;

    public DeskController(Notes notes) {
        this.notes = notes;
    }

    @GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
    public String desk(
            Principal user,
            CsrfToken token,
            @ModelAttribute(name = "message", binding = false) @Nullable String message) {
        String items = notes.all().stream()
                .map(note -> "<li>" + HtmlUtils.htmlEscape(note) + "</li>")
                .collect(Collectors.joining());
        String hidden =
                "<input type=\"hidden\" name=\"" + token.getParameterName() + "\" value=\"" + token.getToken() + "\">";
        return PAGE.formatted(
                HtmlUtils.htmlEscape(user.getName()),
                message == null ? "" : HtmlUtils.htmlEscape(message),
                items,
                hidden,
                hidden);
    }

    @PostMapping("/notes")
    public RedirectView add(@RequestParam("note") String note, RedirectAttributes next) {
        notes.add(note);
        next.addFlashAttribute("message", "Noted: " + note);
        return new RedirectView("/", true);
    }

    @GetMapping(path = "/over", produces = MediaType.TEXT_HTML_VALUE)
    public String over() {
        return "<!doctype html><title>Over</title><p id=\"over\">Signed in elsewhere</p>";
    }
}
