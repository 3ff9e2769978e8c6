"""SQLite as this project opens it."""
