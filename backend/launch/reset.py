"""`make reset`: forgets the embedded data for good."""

import shutil
import sys

from backend.launch.instance import only_instance
from backend.launch.plan import make_plan
from backend.launch.run import ROOT
from backend.launch.trouble import Trouble
from backend.local_supabase.stack import erase


def main() -> int:
    """Delete the database, stored files, secrets and certificates, unless it is running."""
    plan = make_plan(ROOT, {})
    try:
        with only_instance(plan.local):
            erase(plan.local)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    shutil.rmtree(plan.local, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
