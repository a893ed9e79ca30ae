package io.geniesession.examples.quickstart;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names a device the way its owner would: the browser and what it runs on. */
final class Device {

    /** What a user agent contains and the name of it. Browsers claim to be others too, so the order decides. */
    private static final Map<String, String> BROWSERS = ordered(
            "Edg",
            "Edge",
            "OPR/",
            "Opera",
            "SamsungBrowser",
            "Samsung Internet",
            "Firefox/",
            "Firefox",
            "FxiOS",
            "Firefox",
            "CriOS",
            "Chrome",
            "Chromium",
            "Chromium",
            "Chrome/",
            "Chrome",
            "Safari/",
            "Safari",
            "curl/",
            "curl");

    private static final Map<String, String> SYSTEMS = ordered(
            "iPhone",
            "iPhone",
            "iPad",
            "iPad",
            "Android",
            "Android",
            "Windows",
            "Windows",
            "Mac OS X",
            "Mac",
            "CrOS",
            "ChromeOS",
            "Linux",
            "Linux");

    private Device() {}

    /**
     * Returns a short name.
     *
     * @param userAgent the header of that name, or null
     * @return such as "Firefox on Linux"; never a part of the header itself, which anybody can fill with anything
     */
    static String label(@Nullable String userAgent) {
        String agent = userAgent == null ? "" : userAgent;
        String browser = find(BROWSERS, agent, "Some browser");
        String system = find(SYSTEMS, agent, "");
        return system.isEmpty() ? browser : browser + " on " + system;
    }

    private static String find(Map<String, String> names, String agent, String otherwise) {
        return names.entrySet().stream()
                .filter(name -> agent.contains(name.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(otherwise);
    }

    private static Map<String, String> ordered(String... partsAndNames) {
        Map<String, String> names = new LinkedHashMap<>();
        for (int i = 0; i < partsAndNames.length; i += 2) {
            names.put(partsAndNames[i], partsAndNames[i + 1]);
        }
        return names;
    }
}
