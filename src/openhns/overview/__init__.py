"""Reads across rooms and writes nothing of theirs: the public page and the duty desk."""
