"""Positions, their notations, distance on the ellipsoid and the fixed cells of the vicinity grade.

Nothing is imported here, so that a command loads only what it uses.
"""
