"""The files of one run, below one folder that goes away with it."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from pathlib import Path


class Folders:
    """Makes folders. Any thread may ask for one."""

    def __init__(self):
        # Short, because the path of a socket file must be short.
        self._root = Path(tempfile.mkdtemp(prefix="conf-"))
        self._root.chmod(0o755)
        self._numbers = itertools.count(1)

    def new(self) -> Path:
        """An empty folder."""
        folder = self._root / str(next(self._numbers))
        folder.mkdir()
        return folder

    def remove(self) -> None:
        """Removes them all."""
        shutil.rmtree(self._root, ignore_errors=True)
