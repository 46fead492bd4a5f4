"""Processes that tests start: their logs are kept, and they are ended by pid together with all they started."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from harness.waiting import wait_until

_STOP_SECONDS = 60.0

# Whoever inherits this variable was started, directly or not, by the process that it names.
MARK = "E2E_STARTED_BY"

# Log files of everything started so far, so that a failing test can show them.
_log_files: list[Path] = []


def log_files() -> list[Path]:
    return list(_log_files)


def note_log_file(path: Path) -> None:
    if path not in _log_files:
        _log_files.append(path)


class ManagedProcess:
    """One started program with its log file."""

    def __init__(self, name: str, argv: Sequence[str], folder: Path, env: Mapping[str, str]) -> None:
        self.name = name
        self.log_file = folder / f"{name}.log"
        note_log_file(self.log_file)
        self._mark = env.get(MARK) or uuid.uuid4().hex
        with open(self.log_file, "ab") as log:
            self._process = psutil.Popen(
                list(argv), cwd=folder, env={**env, MARK: self._mark}, stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def running(self) -> bool:
        return self._process.poll() is None

    def wait(self, seconds: float) -> None:
        """Waits for the program to end by itself."""
        try:
            self._process.wait(seconds)
        except psutil.TimeoutExpired:
            raise AssertionError(f"{self.name} still runs after {seconds:.0f} s:\n{tail(self.log_file)}") from None

    def check_running(self) -> None:
        """Fails with the end of the log if the program has ended by itself."""
        if not self.running():
            raise AssertionError(
                f"{self.name} ended with code {self._process.poll()}:\n{tail(self.log_file)}")

    def kill(self) -> None:
        """Ends the program as a crash would, and leaves what it started."""
        self._process.kill()
        self._process.wait(_STOP_SECONDS)

    def stop(self) -> None:
        """Ends the program as an operator would, then whatever it left behind. Harmless when it has ended already."""
        if self.running():
            self._process.terminate()
            try:
                self._process.wait(_STOP_SECONDS)
            except psutil.TimeoutExpired:
                self._process.kill()
                self._process.wait(_STOP_SECONDS)
        end_all(started_by(self._mark))


def started_by(mark: str) -> list[psutil.Process]:
    """Finds every process that carries this mark, however far from the one that set it."""
    return [process for process in psutil.process_iter() if _mark_of(process) == mark]


def _mark_of(process: psutil.Process) -> str | None:
    try:
        return process.environ().get(MARK)
    except psutil.Error:
        return None


def end_all(processes: Sequence[psutil.Process]) -> None:
    """Kills those of the processes that still run and waits for their end.

    psutil compares start times, so a reused pid is never hit. A zombie counts as ended: its parent may never ask.
    """
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    wait_until("killed processes are gone", lambda: all(map(_ended, processes)), _STOP_SECONDS)


def _ended(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def tail(path: Path, lines: int = 80) -> str:
    """Returns the last lines of a log file."""
    if not path.exists():
        return "(no log)"
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
