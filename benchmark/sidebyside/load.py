"""Load from wrk: 64 keep-alive connections that ask again as soon as they are answered, or paced."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .processes import HOST, Deadline, Failed

CONNECTIONS = 64

_SCRIPT = """\
local pause = %d
if pause > 0 then
    function delay() return math.random(0, 2 * pause) end
end
function done(summary, latency, requests)
    local e = summary.errors
    io.write(string.format(
        '\\nRESULT {"requests": %%d, "microseconds": %%d, "failed": %%d, "p50_us": %%d, "p99_us": %%d}\\n',
        summary.requests, summary.duration, e.connect + e.read + e.write + e.status + e.timeout,
        latency:percentile(50), latency:percentile(99)))
end
"""


@dataclass(frozen=True)
class Answers:
    """What one stretch of load got."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


class Load:
    """Starts wrk on `cores`. With a `rate` each connection pauses at random, which gives about that many requests a second."""

    def __init__(self, folder: Path, cores: set[int], rate: int | None, deadline: Deadline):
        self._cores, self._deadline = cores, deadline
        self._script = folder / "load.lua"
        self._script.write_text(_SCRIPT % (round(CONNECTIONS / rate * 1000) if rate else 0))

    def run(self, name: str, port: int, path: str, seconds: int) -> Answers:
        """Loads the proxy for `seconds`. Fails when a single answer is not a success."""
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "5s", "-s", str(self._script),
                   f"http://{HOST}:{port}{path}"]
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                timeout=self._deadline.left(seconds + 15),
                preexec_fn=lambda: os.sched_setaffinity(0, self._cores))
        except subprocess.TimeoutExpired as error:
            self._deadline.left(1)  # fails with a better message when the whole run is out of time
            raise Failed(f"wrk did not end in time against {name}") from error
        lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
        if not lines:
            raise Failed(f"wrk failed against {name}: {done.stdout}{done.stderr}")
        result = json.loads(lines[0].removeprefix("RESULT "))
        if result["failed"] or not result["requests"]:
            raise Failed(f"{name} failed {result['failed']} of {result['requests']} requests")
        return Answers(result["requests"], result["microseconds"] / 1e6, result["p50_us"] / 1e3, result["p99_us"] / 1e3)
