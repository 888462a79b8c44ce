"""What time it is, in UTC. The only place that asks the machine, so that tests can answer instead."""

from collections.abc import Callable
from datetime import UTC, datetime


def _machine() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _machine


def now() -> datetime:
    """Return the present moment, aware and in UTC."""
    return _source()


def replace(source: Callable[[], datetime] | None) -> None:
    """Take the time from `source` from now on; `None` gives the machine's clock back."""
    global _source
    _source = source or _machine
