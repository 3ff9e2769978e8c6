"""Channels to parties: one folder each, with its form, its transport and its tests."""
