"""``python -m fundsim`` is the command ``fundsim``."""

import sys

from fundsim.cli import main

if __name__ == "__main__":
    sys.exit(main())
