package io.geniesession.applications;

import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.scan.StandardJarScanner;

/**
 * The desk in embedded Tomcat, twice: as it is, and below {@code /strict} with the setting that refuses a second sign-in. The
 * container finds and starts the sessions by itself.
 */
final class DeskNode {

    private DeskNode() {}

    public static void main(String[] arguments) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Path.of("").toAbsolutePath().toString());
        tomcat.setPort(0);
        // Its own default servlet and JSP are of no use here.
        tomcat.setAddDefaultWebXmlToWebapp(false);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        deploy(tomcat, "");
        Context strict = deploy(tomcat, "/strict");
        strict.addParameter("desk.second-sign-in", "refused");
        strict.addParameter("genie.session.application", "strict");
        tomcat.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(tomcat), "stop"));
        Node.ready(tomcat.getConnector().getLocalPort());
        tomcat.getServer().await();
    }

    private static Context deploy(Tomcat tomcat, String path) {
        Context context = tomcat.addWebapp(path, System.getProperty("webapp"));
        // Nothing in the many jars of the test has to be looked for but services, which are found all the same.
        ((StandardJarScanner) context.getJarScanner()).setScanClassPath(false);
        return context;
    }

    private static void stop(Tomcat tomcat) {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (org.apache.catalina.LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }
}
