package survey;

import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** What is being filled in on one view; a bean of that view, of which each tab has its own. */
@Named("answers")
@ViewScoped
public class Answers implements Serializable {

    private static final long serialVersionUID = 1L;

    private int stars;
    private @Nullable String remark;

    @Inject
    private Visitor visitor;

    public void more() {
        stars++;
    }

    /** Hands in what was filled in, and stays on the view. */
    public void handIn() {
        visitor.answered(remark + "*" + stars);
        remark = null;
    }

    public int getStars() {
        return stars;
    }

    public @Nullable String getRemark() {
        return remark;
    }

    public void setRemark(String remark) {
        this.remark = remark;
    }
}
