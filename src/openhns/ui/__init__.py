"""Base templates, tags and assets; the headers that every answer carries."""
