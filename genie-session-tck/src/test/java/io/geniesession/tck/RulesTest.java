package io.geniesession.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The rules are written in the Javadoc of the SPI; the kit has at least one test for each, and none for others. */
class RulesTest {
    private static final List<Class<?>> CONTRACTS = List.of(
            SessionAdapterContract.class,
            IndexedSessionsContract.class,
            ConcurrencyContract.class,
            LinearizabilityContract.class);

    /** What tests check that is no numbered rule: counting, and the two ways in which stores keep values. */
    private static final Set<String> BESIDE_THE_RULES = Set.of("count", "reference", "bytes");

    private static final Pattern RULE = Pattern.compile("<b>([a-z]+-\\d+)</b>");
    private static final Pattern TESTED = Pattern.compile("\\[([a-z]+(-\\d+)?)] [a-zA-Z0-9].*");

    @Test
    void everyRuleHasATestAndEveryTestARule() throws IOException {
        Set<String> rules = new TreeSet<>(rulesOf("SessionAdapter"));
        rules.addAll(rulesOf("IndexedSessions"));
        assertThat(rules).hasSizeGreaterThan(30);

        Set<String> tested = tests().map(RulesTest::ruleOf).collect(Collectors.toCollection(TreeSet::new));
        assertThat(tested).containsAll(BESIDE_THE_RULES);
        tested.removeAll(BESIDE_THE_RULES);

        assertThat(tested).isEqualTo(rules);
    }

    @Test
    void testsCannotBeOverriddenAndHaveAName() {
        assertThat(tests()).hasSizeGreaterThan(100).allMatch(test -> Modifier.isFinal(test.getModifiers()));
        assertThat(tests().map(test -> test.getAnnotation(DisplayName.class).value()))
                .doesNotHaveDuplicates();
    }

    @Test
    void contractsAreFlat() {
        assertThat(CONTRACTS).allMatch(contract -> contract.getSuperclass() == AdapterFixture.class);
        assertThat(SessionsContract.class.getSuperclass()).isEqualTo(AdapterFixture.class);
    }

    private static Set<String> rulesOf(String type) throws IOException {
        Path source =
                Path.of("..", "genie-session-api", "src", "main", "java", "io", "geniesession", "spi", type + ".java");
        Matcher matcher = RULE.matcher(Files.readString(source));
        return matcher.results().map(match -> match.group(1)).collect(Collectors.toSet());
    }

    private static Stream<Method> tests() {
        return CONTRACTS.stream()
                .flatMap(contract -> Arrays.stream(contract.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Test.class));
    }

    private static String ruleOf(Method test) {
        DisplayName name = test.getAnnotation(DisplayName.class);
        assertThat(name).as(test.getName()).isNotNull();
        Matcher matcher = TESTED.matcher(name.value());
        assertThat(matcher.matches()).as(name.value()).isTrue();
        return matcher.group(1);
    }
}
