package desk;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.context.annotation.SessionScope;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/** The application. */
@Configuration
@EnableWebMvc
@Import({DeskController.class, SecurityConfiguration.class})
public class DeskConfiguration {

    @Bean
    @SessionScope
    public Notes notes() {
        return new Notes();
    }
}
