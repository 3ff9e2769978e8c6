"""This room's screens: signing in by invitation, the way home, the language."""
