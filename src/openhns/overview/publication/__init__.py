"""What the public is told in numbers: counted on fixed days, and blunted so that none tells a site.

docs/publication.md says against whom, by how much, and what it does not protect.
"""
