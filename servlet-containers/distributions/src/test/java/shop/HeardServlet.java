package shop;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Shows what the listeners have heard, and in what they run. */
@WebServlet("/heard")
public final class HeardServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.getWriter()
                .print(getServletContext().getServerInfo() + " " + VisitListener.HEARD + " " + DeclaredListener.BEGUN);
    }
}
