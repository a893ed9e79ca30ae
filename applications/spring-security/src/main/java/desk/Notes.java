package desk;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** What somebody has noted; a bean that lives in the session. */
public class Notes implements Serializable {

    private static final long serialVersionUID = 1L;

    private final ArrayList<String> all = new ArrayList<>();

    public void add(String note) {
        all.add(note);
    }

    public List<String> all() {
        return all;
    }
}
