"""Acts that begin in the same moment, round after round, each as a request of its own would run it."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from flask import Flask

from consult.extensions import db

LONGEST = 30  # seconds that one round may take: whoever waits for somebody for ever is found

Act = Callable[[], object]


class Racers:
    """Threads that are started once. Each round gives each of them one act; they begin together."""

    def __init__(self, app: Flask, count: int) -> None:
        self._app = app
        self._start = threading.Barrier(count)
        self._given: list[queue.Queue[Act | None]] = [queue.Queue() for _ in range(count)]
        self._done: queue.Queue[tuple[int, object]] = queue.Queue()
        self._threads = [threading.Thread(target=self._work, args=(at,), daemon=True) for at in range(count)]
        for each in self._threads:
            each.start()

    def run(self, *acts: Act, first: int | None = None) -> list[object]:
        """Return what each act returned or raised, once all have ended.

        The others begin when the `first` has ended: who is first by himself hangs on the machine, and may always be
        the same.
        """
        is_over = threading.Event()
        for at, (given, act) in enumerate(zip(self._given, acts, strict=True)):
            given.put(
                act if first is None else _leads(act, is_over) if at == first else _follows(act, is_over)
            )
        found = dict(self._done.get(timeout=LONGEST) for _ in acts)
        return [found[at] for at in range(len(acts))]

    def stop(self) -> None:
        for given in self._given:
            given.put(None)
        for each in self._threads:
            each.join(LONGEST)

    def _work(self, at: int) -> None:
        while (act := self._given[at].get()) is not None:
            self._start.wait(LONGEST)
            self._done.put((at, self._outcome(act)))

    def _outcome(self, act: Act) -> object:
        with self._app.app_context():
            try:
                return act()
            except Exception as error:
                return error
            finally:
                db.session.remove()


def _leads(act: Act, is_over: threading.Event) -> Act:
    def leading() -> object:
        try:
            return act()
        finally:
            is_over.set()

    return leading


def _follows(act: Act, is_over: threading.Event) -> Act:
    def following() -> object:
        is_over.wait(LONGEST)
        return act()

    return following


@contextmanager
def racers(app: Flask, count: int) -> Iterator[Racers]:
    """Keep so many threads until the end of the block."""
    made = Racers(app, count)
    try:
        yield made
    finally:
        made.stop()


def refused(outcomes: Sequence[object], *kinds: type[Exception]) -> list[bool]:
    """Say of each outcome whether it is one of these refusals; whatever else was raised is raised again."""
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(outcome, kinds):
            raise outcome
    return [isinstance(outcome, Exception) for outcome in outcomes]
