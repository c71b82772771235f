"""`python -m backend.launch`: the product, up and watched, until Ctrl-C."""

import sys

from backend.launch.run import main

sys.exit(main())
