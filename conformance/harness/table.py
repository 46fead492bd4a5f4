"""The whole table: the cases by area, what is expected of each, and running them side by side.

The answers stand in expected/<area>.txt, one section a case: what CHP does and, when that is a deliberate difference,
what Jove does instead.
"""

from __future__ import annotations

import importlib
import re
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from . import case as words
from . import commands, runner
from .case import Case, Command
from .certificates import Certificates
from .folders import Folders
from .proxy import Proxy

FOLDER = Path(__file__).parent.parent
AREAS = ("api", "routing", "forwarding", "framing", "errors", "websockets", "tls", "timeouts", "metrics", "process")
_LARGEST_GROUP = 30
_WORKERS = 6


@dataclass
class Row:
    """One case with its area and expectations."""
    area: str
    case: Case | Command
    chp: str | None = None
    jove: str | None = None

    @property
    def key(self) -> str:
        """A name that is unique in the whole table."""
        return f"{self.area}: {self.case.name}"

    @property
    def needs_ipv6(self) -> bool:
        """Whether it listens or connects on the loopback address of IPv6."""
        case = self.case
        if isinstance(case, Command):
            return any("::" in word for word in (*case.args, *case.accepts, *case.refuses))
        return any("::" in flag or flag == "--ip=" for flag in case.flags) or any(
            script != words.DEAD and script.ipv6 for script in case.upstreams.values())

    def expected(self, proxy: str) -> str | None:
        """What this proxy must do; None when nothing is written down yet."""
        return self.jove if proxy == "jove" and self.case.differs else self.chp


def read_expected(area: str) -> dict[str, dict[str, str]]:
    """The sections of an area's file."""
    path = FOLDER / "expected" / f"{area}.txt"
    sections: dict[str, dict[str, str]] = {}
    if not path.exists():
        return sections
    name = proxy = None
    for line in path.read_text().split("\n"):
        if line.startswith("=== "):
            name, proxy = line[4:], None
            sections[name] = {}
        elif name and (found := re.fullmatch(r"(chp|jove):", line)):
            proxy = found[1]
            sections[name][proxy] = ""
        elif proxy and line.startswith("    "):
            sections[name][proxy] += line[4:] + "\n"
    return {name: {k: v.rstrip("\n") for k, v in both.items()} for name, both in sections.items()}


def write_expected(area: str, sections: dict[str, dict[str, str]]) -> None:
    """Writes an area's file."""
    parts = []
    for name, both in sections.items():
        parts.append(f"=== {name}")
        for proxy, text in both.items():
            parts.append(f"{proxy}:")
            parts += [f"    {line}" for line in text.split("\n")] if text else []
        parts.append("")
    (FOLDER / "expected" / f"{area}.txt").write_text("\n".join(parts))


def load() -> list[Row]:
    """All rows, in the order of the files."""
    rows = []
    for area in AREAS:
        module = importlib.import_module(f"cases.{area}")
        expected = read_expected(area)
        for case in module.CASES:
            both = expected.get(case.name, {})
            rows.append(Row(area, case, both.get("chp"), both.get("jove")))
    return rows


def standing(case: Case) -> dict[str, bool]:
    """The upstreams whose port the proxy must know at its start, and whether they listen."""
    text = " ".join((*case.flags, *case.env.values()))
    names = dict.fromkeys(re.findall(r"<([A-Z]\w*)>", text))
    return {name: case.upstreams.get(name) != words.DEAD for name in names}


@dataclass
class Group:
    """Cases that one process of the proxy can serve, one after the other."""
    proxy: str
    rows: list[Row] = field(default_factory=list)


def groups(proxy: str, rows: list[Row]) -> list[Group]:
    """Puts cases with the same flags together, at most so many that the groups can be shared out."""
    result: list[Group] = []
    by_flags: dict[str, Group] = {}
    for row in rows:
        if isinstance(row.case, Command) or row.case.fresh:
            result.append(Group(proxy, [row]))
            continue
        key = repr((row.case.flags, sorted(row.case.env.items()), sorted(standing(row.case).items())))
        group = by_flags.get(key)
        if group is None or len(group.rows) >= _LARGEST_GROUP:
            group = by_flags[key] = Group(proxy)
            result.append(group)
        group.rows.append(row)
    return sorted(result, key=lambda g: -len(g.rows))


class Observations:
    """Runs groups in the background; each test waits for its own case only."""

    def __init__(self, wanted: dict[str, list[Row]], proxies: dict[str, str]):
        self.proxies = proxies
        self.folders = Folders()
        self.certificates = Certificates(self.folders.new())
        self._results: dict[tuple[str, str], str | Exception] = {}
        self._done: dict[tuple[str, str], threading.Event] = {
            (proxy, row.key): threading.Event() for proxy, rows in wanted.items() for row in rows}
        self._pool = ThreadPoolExecutor(_WORKERS)
        for proxy, rows in wanted.items():
            for group in groups(proxy, rows):
                self._pool.submit(self._run, group)

    def get(self, proxy: str, row: Row) -> str:
        """What was observed; waits for it."""
        if not self._done[proxy, row.key].wait(600):
            raise AssertionError(f"{row.key} has not been run in ten minutes")
        result = self._results[proxy, row.key]
        if isinstance(result, Exception):
            raise result
        return result

    def close(self) -> None:
        """Waits for what runs and drops what has not begun."""
        self._pool.shutdown(cancel_futures=True)
        self.folders.remove()

    def _run(self, group: Group) -> None:
        proxy: Proxy | None = None
        try:
            for row in group.rows:
                try:
                    if isinstance(row.case, Command):
                        self._results[group.proxy, row.key] = commands.run(
                            row.case, self.proxies[group.proxy], self.certificates, self.folders.new(),
                            group.proxy == "chp")
                    else:
                        if proxy is None or not proxy.usable():
                            if proxy is not None:
                                proxy.stop()
                            proxy = Proxy(self.proxies[group.proxy], row.case.flags, row.case.env, self.certificates,
                                          self.folders.new(), standing(row.case))
                            proxy.start()
                        seen = runner.run(row.case, proxy, group.proxy == "chp", row.expected(group.proxy))
                        if not proxy.runs():
                            seen += "\nthe proxy ended"
                        self._results[group.proxy, row.key] = seen
                except Exception as problem:
                    printed = proxy.process.text() if proxy is not None and proxy.process else ""
                    self._results[group.proxy, row.key] = AssertionError(
                        f"{row.key}: {traceback.format_exc(limit=4)}\n{printed}\n{problem}")
                self._done[group.proxy, row.key].set()
        finally:
            if proxy is not None:
                proxy.stop()
