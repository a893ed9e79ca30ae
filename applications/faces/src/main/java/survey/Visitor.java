package survey;

import jakarta.enterprise.context.SessionScoped;
import jakarta.faces.context.ExternalContext;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Named;
import jakarta.servlet.http.HttpServletRequest;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who is there, and what they have answered so far; a bean of the session. */
@Named("visitor")
@SessionScoped
public class Visitor implements Serializable {

    private static final long serialVersionUID = 1L;

    private final ArrayList<String> answers = new ArrayList<>();
    private @Nullable String name;
    private @Nullable String typed;

    /** Signs in, under a new session id. */
    public String signIn() {
        ExternalContext context = FacesContext.getCurrentInstance().getExternalContext();
        ((HttpServletRequest) context.getRequest()).changeSessionId();
        name = typed;
        return "survey?faces-redirect=true";
    }

    public String signOut() {
        FacesContext.getCurrentInstance().getExternalContext().invalidateSession();
        return "index?faces-redirect=true";
    }

    void answered(String answer) {
        answers.add(answer);
    }

    public @Nullable String getName() {
        return name;
    }

    public @Nullable String getTyped() {
        return typed;
    }

    public void setTyped(String typed) {
        this.typed = typed;
    }

    public List<String> getAnswers() {
        return answers;
    }
}
