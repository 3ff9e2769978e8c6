"""The checks of a submission: one small function each, run in `running`.

A check answers with findings: `pass`, `warn`, `fail`, or `not checked` where its reference data
or what it would look at is missing. Nothing that a submitter is shown depends on what another
organisation registered; what does stands in `nearby`, for reviewers alone, and runs only when
they look.
"""
