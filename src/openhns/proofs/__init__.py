"""Reading and verifying proof files; needs the standard library and `cryptography` alone."""
