"""
Daybook from inside of Python programs: runs, metrics and actions as plain files that the `daybook` command reads.

    import daybook
    with daybook.run("runs/a", config={"lr": 0.1}) as run:
        run.log(loss=0.5, step=1)

Recording never stops the work it records: what cannot be written is told once on standard error, and nothing is
reported as kept that is not. See docs/python.md.
"""

from __future__ import annotations

from ._actions import action
from ._book import VERSION as __version__
from ._command import DaybookError, snapshot
from ._run import Run, current_run, run
from ._track import track, tracking

__all__ = ["DaybookError", "Run", "__version__", "action", "current_run", "run", "snapshot", "track", "tracking"]
