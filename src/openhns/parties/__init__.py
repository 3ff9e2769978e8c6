"""Parties to the conflict, their participation over time, focal points and keys."""
