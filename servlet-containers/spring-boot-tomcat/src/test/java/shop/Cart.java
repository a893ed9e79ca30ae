package shop;

import java.io.Serializable;
import org.springframework.stereotype.Component;
import org.springframework.web.context.annotation.SessionScope;

/** A bean that lives in the session. */
@Component
@SessionScope
class Cart implements Serializable {

    private static final long serialVersionUID = 1L;

    private int items;

    int add() {
        return ++items;
    }
}
