"""`python -m vmgen`."""

import sys

from vmgen.cli import main

sys.exit(main())
