"""The headers that a report adds to a sheet; a corrected report sent again is read without them."""

RESULT_HEADER = "OpenHNS result"
REASONS_HEADER = "OpenHNS reasons"
FINDING_MARK = "\N{WARNING SIGN}"


def is_report_header(header: str) -> bool:
    """Tell whether a header was added by a report."""
    return header in {RESULT_HEADER, REASONS_HEADER} or header.endswith(f" {FINDING_MARK}")
