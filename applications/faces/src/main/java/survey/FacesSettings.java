package survey;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.faces.annotation.FacesConfig;

/** Turns Faces on. */
@FacesConfig
@ApplicationScoped
public class FacesSettings {}
