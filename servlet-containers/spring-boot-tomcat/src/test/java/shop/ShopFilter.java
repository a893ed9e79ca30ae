package shop;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.OncePerRequestFilter;

/** A filter that uses the session and comes where that of Spring Security does. */
final class ShopFilter extends OncePerRequestFilter {

    static final String ID = "id";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpSession session = request.getSession(request.getRequestURI().endsWith("/filtered"));
        if (session != null) {
            request.setAttribute(ID, session.getId());
        }
        chain.doFilter(request, response);
    }

    /** Registers the filter. */
    @Configuration(proxyBeanMethods = false)
    static class Registration {

        @Bean
        FilterRegistrationBean<ShopFilter> shopFilter() {
            FilterRegistrationBean<ShopFilter> registration = new FilterRegistrationBean<>(new ShopFilter());
            registration.setOrder(-100);
            return registration;
        }
    }
}
