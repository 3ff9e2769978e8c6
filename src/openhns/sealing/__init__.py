"""Encryption at rest: what a stolen database may not tell."""
