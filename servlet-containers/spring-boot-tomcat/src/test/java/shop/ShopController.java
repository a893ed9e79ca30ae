package shop;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Pages that use the session in the ways that Spring has for it. */
@RestController
class ShopController {

    private final Cart cart;

    ShopController(Cart cart) {
        this.cart = cart;
    }

    @GetMapping("/count")
    String count(HttpSession session) {
        Integer before = (Integer) session.getAttribute("n");
        session.setAttribute("n", before == null ? 1 : before + 1);
        return session.getAttribute("n") + " " + session.getMaxInactiveInterval();
    }

    @GetMapping("/cart")
    String cart() {
        return String.valueOf(cart.add());
    }

    @GetMapping("/filtered")
    String filtered(HttpServletRequest request, HttpSession session) {
        return String.valueOf(request.getAttribute(ShopFilter.ID).equals(session.getId()));
    }

    @GetMapping("/server")
    String server(HttpServletRequest request) {
        return request.getServletContext().getServerInfo();
    }

    @GetMapping("/out")
    String out(HttpSession session) {
        session.invalidate();
        return "out";
    }
}
