"""Settings and URLs of an installation."""
