"""Pages that search engines are asked not to list: those on which people's words stand with their names.

The page says it in its head, for those who read pages, and the answer in a header, for what has no head: feeds, and
fragments. The drafts themselves, without a thread open in them, may be found.
"""

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import g

View = TypeVar("View", bound=Callable[..., Any])


def unlisted(view: View) -> View:
    """Ask search engines not to list whatever a route answers."""

    @functools.wraps(view)
    def unlisting(*args: Any, **values: Any) -> Any:
        leave_unlisted()
        return view(*args, **values)

    return cast(View, unlisting)


def leave_unlisted() -> None:
    """Ask search engines not to list this one answer."""
    g.is_unlisted = True
