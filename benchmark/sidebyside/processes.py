"""Processes that the benchmark owns, and what the kernel says they cost.

Every process is started here, measured by its pid and ended by its pid.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
HOST = "127.0.0.1"


class Failed(Exception):
    """The benchmark cannot go on; the message says why."""


class Deadline:
    """The end of the whole run. Every wait asks it, so nothing can outlast it."""

    def __init__(self, seconds: float):
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self, wanted: float) -> float:
        """As many of the `wanted` seconds as are left; fails when none is."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise Failed(f"not finished within {self.seconds:g} s (--time-limit)")
        return min(wanted, left)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on. All are held at the same time, so they differ."""
    held = []
    try:
        for _ in range(count):
            one = socket.socket()
            held.append(one)
            one.bind((HOST, 0))
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()


def accepts(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
        return True
    except OSError:
        return False


class Process:
    """One started command and its descendants, pinned to `cores` when these are given."""

    def __init__(self, name: str, command: list[str], log: Path, cores: set[int] | None = None,
                 environment: dict[str, str] | None = None):
        self.name = name
        self._log = log
        pin = (lambda: os.sched_setaffinity(0, cores)) if cores else None
        try:
            with open(log, "wb") as output:
                self.started = time.monotonic()
                self._child = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                    env={**os.environ, **(environment or {})}, preexec_fn=pin)
        except OSError as error:
            raise Failed(f"{name} cannot be started: {error}") from error

    def wait_until_accepting(self, ports: list[int], deadline: Deadline, patience: float = 120) -> float:
        """The seconds from the start of the process until all `ports` accept connections."""
        waiting = list(ports)
        end = self.started + deadline.left(patience)
        while True:
            waiting = [port for port in waiting if not accepts(port)]
            if not waiting:
                return time.monotonic() - self.started
            if self._child.poll() is not None:
                raise Failed(f"{self.name} ended with {self._child.returncode}:\n{self.last_words()}")
            if time.monotonic() > end:
                raise Failed(f"{self.name} does not accept on port {waiting[0]}:\n{self.last_words()}")
            time.sleep(0.002)

    def last_words(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-20:])

    def pids(self) -> list[int]:
        """The process and all its living descendants."""
        children: dict[int, list[int]] = {}
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                fields = _stat_fields(int(entry))
                if fields:
                    children.setdefault(int(fields[1]), []).append(int(entry))
        found = [self._child.pid]
        for pid in found:
            found += children.get(pid, [])
        return found

    def cpu_seconds(self) -> dict[int, float]:
        """User and system time of all threads, by pid."""
        seconds = {}
        for pid in self.pids():
            fields = _stat_fields(pid)
            if fields:
                seconds[pid] = (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND
        return seconds

    def resident_mib(self) -> float:
        total = 0
        for pid in self.pids():
            try:
                for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                    if line.startswith("VmRSS:"):
                        total += int(line.split()[1])
            except FileNotFoundError:
                continue
        return total / 1024

    def command_line(self) -> str:
        """What runs in the end, after every launcher has handed over."""
        return Path(f"/proc/{self._child.pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()

    def end(self) -> None:
        """Asks the process to end, and ends it and its descendants if it does not within 5 seconds."""
        family = self.pids()
        self._child.send_signal(signal.SIGTERM)
        try:
            self._child.wait(5)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait(5)
        for pid in family[1:]:
            # A pid that was given to another process since then has another parent: init took in the orphans.
            fields = _stat_fields(pid)
            if fields and fields[0] != "Z" and int(fields[1]) == 1:
                os.kill(pid, signal.SIGKILL)


def spent(before: dict[int, float], after: dict[int, float]) -> float:
    """The CPU seconds between two readings of `cpu_seconds`."""
    gone = before.keys() - after.keys()
    if gone:
        raise Failed(f"process {min(gone)} ended while it was measured")
    return sum(after.values()) - sum(before.values())


def core_busy_seconds(core: int) -> float:
    """What everything on the machine has used of `core` since boot."""
    for line in Path("/proc/stat").read_text().splitlines():
        name, *numbers = line.split()
        if name == f"cpu{core}":
            user, nice, system, _idle, _iowait, irq, softirq, *_ = map(int, numbers)
            return (user + nice + system + irq + softirq) / TICKS_PER_SECOND
    raise Failed(f"there is no core {core}")


def _stat_fields(pid: int) -> list[str] | None:
    """The fields of /proc/<pid>/stat from the state on: the name before it may hold blanks and brackets."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
