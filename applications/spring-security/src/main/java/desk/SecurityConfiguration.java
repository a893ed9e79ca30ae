package desk;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.core.session.SessionRegistryImpl;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.SecurityFilterChain;

/** Who may come in: everybody with a password, one session each. */
@Configuration
@EnableWebSecurity
public class SecurityConfiguration {

    @Bean
    public SecurityFilterChain chain(
            HttpSecurity http, UserDetailsService users, @Value("${desk.second-sign-in:replaces}") String second)
            throws Exception {
        return http.authorizeHttpRequests(requests -> requests.requestMatchers("/over")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .formLogin(Customizer.withDefaults())
                .logout(Customizer.withDefaults())
                .rememberMe(remember -> remember.key("desk").userDetailsService(users))
                .sessionManagement(sessions -> sessions.maximumSessions(1)
                        .maxSessionsPreventsLogin(second.equals("refused"))
                        .expiredUrl("/over"))
                .build();
    }

    @Bean
    public SessionRegistry sessionRegistry() {
        return new SessionRegistryImpl();
    }

    /** Every node knows the same people, and each one's password is their name. */
    @Bean
    public UserDetailsService users() {
        return name -> switch (name) {
            case "ada" -> user(name, "USER", "ADMIN");
            case "ben", "cem" -> user(name, "USER");
            default -> throw new UsernameNotFoundException("Nobody of this name");
        };
    }

    private static UserDetails user(String name, String... roles) {
        return User.withUsername(name).password("{noop}" + name).roles(roles).build();
    }
}
