package register;

import java.util.ArrayList;
import java.util.List;
import org.apache.wicket.authroles.authentication.AuthenticatedWebSession;
import org.apache.wicket.authroles.authorization.strategies.role.Roles;
import org.apache.wicket.request.Request;
import org.jspecify.annotations.Nullable;

/** Who is there, and whom they have registered. */
public class RegisterSession extends AuthenticatedWebSession {

    private static final long serialVersionUID = 1L;

    private final ArrayList<String> guests = new ArrayList<>();
    private @Nullable String clerk;

    public RegisterSession(Request request) {
        super(request);
    }

    static RegisterSession current() {
        return (RegisterSession) get();
    }

    @Override
    protected boolean authenticate(String name, String password) {
        if (!name.equals(password)) {
            return false;
        }
        clerk = name;
        changeSessionId();
        return true;
    }

    @Override
    public Roles getRoles() {
        Roles roles = new Roles();
        if (isSignedIn()) {
            roles.add(Roles.USER);
        }
        return roles;
    }

    @Nullable
    String clerk() {
        return clerk;
    }

    List<String> guests() {
        return guests;
    }

    void register(String guest) {
        guests.add(guest);
        dirty();
    }
}
