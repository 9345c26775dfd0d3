"""Lets the tests of this room import `made`, their maker of school systems."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
