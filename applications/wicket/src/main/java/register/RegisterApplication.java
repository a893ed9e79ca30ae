package register;

import java.nio.file.Path;
import org.apache.wicket.DefaultPageManagerProvider;
import org.apache.wicket.Page;
import org.apache.wicket.authroles.authentication.AbstractAuthenticatedWebSession;
import org.apache.wicket.authroles.authentication.AuthenticatedWebApplication;
import org.apache.wicket.markup.html.WebPage;
import org.apache.wicket.pageStore.IPageStore;
import org.apache.wicket.pageStore.InSessionPageStore;

/**
 * The application. Pages are kept in the session, so that every node has them; with {@code register.pages=disk} as Wicket keeps
 * them if nobody says otherwise.
 */
public class RegisterApplication extends AuthenticatedWebApplication {

    /** As many pages and versions of pages as the back button leads to. */
    private static final int PAGES = 20;

    @Override
    protected void init() {
        super.init();
        getCspSettings().blocking().disabled();
        if ("disk".equals(getInitParameter("register.pages"))) {
            getStoreSettings()
                    .setFileStoreFolder(Path.of("pages").toAbsolutePath().toFile());
        } else {
            setPageManagerProvider(new PagesInSession(this));
        }
        mountPage("/guests", GuestsPage.class);
    }

    @Override
    public Class<? extends Page> getHomePage() {
        return GuestsPage.class;
    }

    @Override
    protected Class<? extends WebPage> getSignInPageClass() {
        return SignInPage.class;
    }

    @Override
    protected Class<? extends AbstractAuthenticatedWebSession> getWebSessionClass() {
        return RegisterSession.class;
    }

    /** Every version of a page is serialized and kept in the session, and nothing is kept anywhere else. */
    private static final class PagesInSession extends DefaultPageManagerProvider {

        PagesInSession(RegisterApplication application) {
            super(application);
        }

        @Override
        protected IPageStore newPersistentStore() {
            return new InSessionPageStore(PAGES);
        }

        @Override
        protected IPageStore newAsynchronousStore(IPageStore pages) {
            return pages;
        }

        @Override
        protected IPageStore newCachingStore(IPageStore pages) {
            return pages;
        }
    }
}
