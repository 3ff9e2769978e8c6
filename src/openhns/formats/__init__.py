"""Outside formats, one module each; every file is read as untrusted.

Nothing is imported here, so that a door that needs one format starts without the others.
"""
