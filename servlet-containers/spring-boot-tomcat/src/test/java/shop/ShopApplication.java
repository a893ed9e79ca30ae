package shop;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** An application of Spring Boot. */
@SpringBootApplication
public class ShopApplication {}
