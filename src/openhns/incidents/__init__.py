"""Reports of attacks, their competing claims, and what each party held at that moment."""
