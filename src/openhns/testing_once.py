"""What one process of a test run makes, and all others take as it is.

`with once_in_run("a name") as (folder, filled)` gives a folder; who finds it not filled fills it,
and whoever else wants it waits for the end of that block.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openhns.testing_plugin import FOLDER_VARIABLE


@contextmanager
def once_in_run(name: str) -> Iterator[tuple[Path, bool]]:
    """Give a folder that goes with the run, and say whether somebody has filled it.

    It counts as filled when the block ends without an exception; else the next one begins anew.
    """
    folder = Path(os.environ[FOLDER_VARIABLE], "once", name)
    folder.parent.mkdir(exist_ok=True)
    done = folder.with_name(f"{name}.done")
    with folder.with_name(f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        yield folder, done.exists()
        done.touch()
