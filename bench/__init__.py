"""The benchmark: `python -m bench [NAME]`; docs/speed.md says what each row means."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

sys.path.append(str(ROOT / "tests"))  # sites, repositories and a model on loopback are made there
