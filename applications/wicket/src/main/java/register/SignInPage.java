package register;

import org.apache.wicket.markup.html.WebPage;
import org.apache.wicket.markup.html.form.PasswordTextField;
import org.apache.wicket.markup.html.form.StatelessForm;
import org.apache.wicket.markup.html.form.TextField;
import org.apache.wicket.markup.html.panel.FeedbackPanel;
import org.apache.wicket.model.Model;

/** Asks who is there. */
public final class SignInPage extends WebPage {

    private static final long serialVersionUID = 1L;

    public SignInPage() {
        add(new FeedbackPanel("feedback"));
        add(new SignInForm());
    }

    private static final class SignInForm extends StatelessForm<Void> {

        private static final long serialVersionUID = 1L;

        private final TextField<String> name = new TextField<>("who", Model.of(""));
        private final PasswordTextField password = new PasswordTextField("password", Model.of(""));

        SignInForm() {
            super("form");
            add(name.setRequired(true), password);
        }

        @Override
        protected void onSubmit() {
            if (RegisterSession.current().signIn(name.getModelObject(), password.getModelObject())) {
                continueToOriginalDestination();
                setResponsePage(getApplication().getHomePage());
            } else {
                error("That is not the password");
            }
        }
    }
}
