package io.geniesession.secretwatch;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Looks at what JMX shows of the library and its pool. */
final class ManagementWatch {
    private ManagementWatch() {}

    static void look() {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        for (ObjectName name : server.queryNames(null, null)) {
            if (name.getDomain().contains("geniesession") || name.getDomain().contains("zaxxer")) {
                look(server, name);
            }
        }
    }

    private static void look(MBeanServer server, ObjectName name) {
        SecretWatch.look("The name of an MBean", name.getCanonicalName());
        try {
            for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
                Object value = attribute.isReadable() ? server.getAttribute(name, attribute.getName()) : null;
                SecretWatch.look("The attribute " + attribute.getName() + " of " + name, String.valueOf(value));
            }
        } catch (JMException | RuntimeException e) {
            SecretWatch.look("The failure of " + name, e.toString());
        }
    }
}
