package register;

import org.apache.wicket.ajax.AjaxRequestTarget;
import org.apache.wicket.ajax.markup.html.AjaxLink;
import org.apache.wicket.authroles.authorization.strategies.role.annotations.AuthorizeInstantiation;
import org.apache.wicket.markup.html.WebPage;
import org.apache.wicket.markup.html.basic.Label;
import org.apache.wicket.markup.html.form.Form;
import org.apache.wicket.markup.html.form.TextField;
import org.apache.wicket.markup.html.link.Link;
import org.apache.wicket.markup.html.list.ListItem;
import org.apache.wicket.markup.html.list.ListView;
import org.apache.wicket.model.Model;

/** The guests, and a party that is counted on the page itself, before it is registered. */
@AuthorizeInstantiation("USER")
public final class GuestsPage extends WebPage {

    private static final long serialVersionUID = 1L;

    private int party;

    public GuestsPage() {
        add(new Label("clerk", () -> RegisterSession.current().clerk()));
        Label count = new Label("party", () -> party);
        add(count.setOutputMarkupId(true));
        add(new More("more"));
        add(new AjaxLink<Void>("moreByScript") {
            private static final long serialVersionUID = 1L;

            @Override
            public void onClick(AjaxRequestTarget target) {
                party++;
                target.add(count);
            }
        });
        add(new RegisterForm());
        add(new Link<Void>("leave") {
            private static final long serialVersionUID = 1L;

            @Override
            public void onClick() {
                getSession().invalidate();
                setResponsePage(SignInPage.class);
            }
        });
        add(new ListView<>("guests", () -> RegisterSession.current().guests()) {
            private static final long serialVersionUID = 1L;

            @Override
            protected void populateItem(ListItem<String> item) {
                item.add(new Label("guest", item.getModel()));
            }
        });
    }

    /** One more in the party; each click makes a version of the page. */
    private final class More extends Link<Void> {

        private static final long serialVersionUID = 1L;

        More(String id) {
            super(id);
        }

        @Override
        public void onClick() {
            GuestsPage.this.addStateChange();
            party++;
        }
    }

    /** Registers a guest with their party. */
    private final class RegisterForm extends Form<Void> {

        private static final long serialVersionUID = 1L;

        private final TextField<String> name = new TextField<>("who", Model.of(""));

        RegisterForm() {
            super("form");
            add(name.setRequired(true));
        }

        @Override
        protected void onSubmit() {
            RegisterSession.current().register(name.getModelObject() + "+" + party);
            name.setModelObject("");
        }
    }
}
