"""`python -m backend.launch`: the product, up and watched, until Ctrl-C."""

import sys
import warnings

# A library of the embedded PostgreSQL complains about machines without a desktop.
warnings.filterwarnings("ignore", module="platformdirs")

from backend.launch.run import main  # noqa: E402

sys.exit(main())
