"""When a form was shown: a mark in a form that is made for one reader, which only this site can make.

A page that is kept and alike for all holds no mark: it would say when the page was made. Without a mark nothing is said.
"""

import hashlib
import hmac
import re

from flask import request
from wtforms import HiddenField

from consult import clock
from consult.extensions import settings

MARK = re.compile(r"(\d{1,14})\.([0-9a-f]{24})")
OLD = 24 * 3600  # seconds: after that a form says nothing
TRAP = "topic"  # a field that people neither see, hear nor reach, and that no browser fills in


def new_mark() -> str:
    """Return the mark of a form that is shown now."""
    moment = str(int(clock.now().timestamp() * 10))
    return f"{moment}.{_digest(moment)}"


def seconds_since(mark: str) -> float | None:
    """Return how long ago a form with this mark was shown; None for no mark of ours, and for one of long ago."""
    found = MARK.fullmatch(mark)
    if found is None or not hmac.compare_digest(found[2], _digest(found[1])):
        return None
    passed = clock.now().timestamp() - int(found[1]) / 10
    return passed if passed <= OLD else None


def _digest(moment: str) -> str:
    key = settings().secret_key.encode()
    return hmac.new(key, f"form shown at {moment}".encode(), hashlib.sha256).hexdigest()[:24]


class BegunField(HiddenField):  # type: ignore[misc]
    """The mark of a form. One that came back with something to mend keeps the mark that it had."""

    def __init__(self, label: str = "", **options: object) -> None:
        super().__init__(label, default=new_mark, **options)

    @property
    def passed(self) -> float | None:
        """Return how many seconds ago the form was shown; None where nobody knows."""
        return seconds_since(str(self.data or ""))


def is_trapped(name: str = TRAP) -> bool:
    """Say whether the field was filled that nobody sees."""
    return bool(request.form.get(name, "").strip())
