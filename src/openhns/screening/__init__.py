"""Matching of what happened with what a party held, in place and in time, with three answers.

Nothing is imported here, so that a command loads only what it uses. See docs/matching.md.
"""
