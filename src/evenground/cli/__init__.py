"""Arguments in, exit codes out: 0 done, 1 failure or difference, 2 wrong input or arguments, 130 stopped.

One module a command; importing it adds the command, in the order of the help.
"""

import os  # noqa: I001

from evenground.cli import review  # noqa: F401
from evenground.cli import check  # noqa: F401
from evenground.cli import map  # noqa: F401
from evenground.cli import sources  # noqa: F401
from evenground.cli import gaps  # noqa: F401
from evenground.cli import attack  # noqa: F401
from evenground.cli import verify  # noqa: F401
from evenground.cli import diff  # noqa: F401
from evenground.cli import releases  # noqa: F401
from evenground.cli import withdraw  # noqa: F401
from evenground.cli import indicators  # noqa: F401
from evenground.cli import policies  # noqa: F401
from evenground.cli import perspectives  # noqa: F401
from evenground.cli import questionnaire  # noqa: F401
from evenground.cli import poverty  # noqa: F401
from evenground.cli import synthetic  # noqa: F401
from evenground.cli.app import app

__all__ = ["app", "main"]


def main() -> None:
    # Before numpy is loaded. A review shares out its work over the cores by itself; matrices shared out over
    # the same cores wait for one another, and their last digits depend on how many cores there are.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    app()
