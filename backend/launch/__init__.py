"""Bringing the whole product up, and down again, on one machine with one command."""

import warnings

# A library of the embedded PostgreSQL complains about machines without a desktop.
warnings.filterwarnings("ignore", module="platformdirs")
