"""The data keys in the database, and rows that hold one sealed blob each."""
