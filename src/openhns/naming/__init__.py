"""Names of places and facilities, compared across scripts and spellings."""
