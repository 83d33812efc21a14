"""`python -m pytest_apierrors` is the command line."""

import sys

from pytest_apierrors._cli import main

if __name__ == "__main__":
    sys.exit(main())
