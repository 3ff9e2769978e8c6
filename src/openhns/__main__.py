"""`python -m openhns` is the command line."""

import sys

from openhns.cli import main

if __name__ == "__main__":
    sys.exit(main())
