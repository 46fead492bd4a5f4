"""People at work on a hub whose proxy lives apart from it, and what they see when that proxy is killed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from harness.external import ApartProxy
from harness.hub import RealHub
from harness.person import Kernel, Person
from harness.poller import Answer, Poller

_PAGES = ("api/status", "lab")


@dataclass(frozen=True)
class Comeback:
    """How people were answered after their proxy was killed."""

    killed_at: float
    # Of everything that was asked since the first request that was answered at all, oldest first.
    answers: list[Answer]

    def refusals(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.status != 200]

    def gaps(self) -> dict[str, float]:
        """The seconds from the kill to the first whole answer with status 200, by page."""
        served: dict[str, float] = {}
        for answer in self.answers:
            if answer.status == 200:
                served.setdefault(answer.url, answer.ended_at - self.killed_at)
        return served


@dataclass
class Office:
    """A hub, a proxy of its own, and people who have been at work for a while."""

    proxy: ApartProxy
    hub: RealHub
    people: list[Person] = field(default_factory=list)
    kernels: list[Kernel] = field(default_factory=list)

    def open(self, names: Sequence[str]) -> None:
        """Starts the hub; everybody signs in, starts a server and has a kernel remember something."""
        self.hub.start()
        for name in names:
            person = Person(self.hub, name)
            person.log_in()
            person.spawn()
            kernel = person.start_kernel()
            kernel.run(f"remembered = {name!r}")
            self.people.append(person)
            self.kernels.append(kernel)

    def crash(self, start_again: Callable[[], None] = lambda: None) -> Comeback:
        """Lets people's pages poll while the proxy is killed and comes back: by `start_again`, or by whoever watches it."""
        with ExitStack() as polling:
            pollers = [polling.enter_context(Poller(person, page)) for person in self.people for page in _PAGES]
            started = time.monotonic()
            for poller in pollers:
                poller.wait_for_answers(started, 2)
            killed_at = time.monotonic()
            self.proxy.kill()
            gone_at = time.monotonic()
            for poller in pollers:
                poller.wait_for_silence(gone_at)
            start_again()
            for poller in pollers:
                poller.wait_for_answers(gone_at, 10)
            first = min(answer.asked_at for poller in pollers for answer in poller.answered_since(gone_at))
            # Whoever came before the first who was answered came too early; since then somebody listens.
            answers = [answer for poller in pollers for answer in poller.since(first)]
            return Comeback(killed_at, sorted(answers, key=lambda answer: answer.asked_at))

    def reconnect(self) -> None:
        """Everybody's kernel is still there, with what it knew."""
        for person, kernel in zip(self.people, self.kernels):
            kernel.wait_until_cut()
            kernel.connect()
            assert kernel.run("print(remembered)") == person.name
