"""Sites and movements as chains of versions, their checks, consent and clearance."""
