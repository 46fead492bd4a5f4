"""Waiting for conditions, never for time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# How long a condition may take on a machine that is busy with other work. A healthy run needs a small part of it.
PATIENCE_SECONDS = 150.0

_POLL_SECONDS = 0.1


class GaveUp(AssertionError):
    """A condition did not come true in time."""


def wait_until(what: str, condition: Callable[[], T], seconds: float = PATIENCE_SECONDS,
               ignoring: tuple[type[BaseException], ...] = ()) -> T:
    """Asks the condition again and again until it answers something true, and returns that answer.

    An exception named in `ignoring` counts as "not yet"; the last one is told if the time runs out.
    """
    deadline = time.monotonic() + seconds
    last: object = None
    while True:
        try:
            last = condition()
            if last:
                return last
        except ignoring as not_yet:
            last = not_yet
        if time.monotonic() > deadline:
            raise GaveUp(f"{what}: not within {seconds:.0f} s (last answer: {last!r})")
        time.sleep(_POLL_SECONDS)
