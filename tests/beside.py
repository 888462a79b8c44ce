"""Reaching the database of a site that is being served: the server writes there at any time, and so do we."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from consult.extensions import db


@contextmanager
def beside(app: Flask) -> Iterator[None]:
    """Enter the application, with every transaction as a writer's from its beginning.

    On SQLite whoever has read and then writes is refused at once when somebody else has written in between; a writer
    from the beginning waits for its turn. Ask no page of the server while this lasts: it would wait for us.
    """
    with app.app_context():
        plain = db.engines[None]
        db.engines[None] = plain.execution_options(for_writing=True)
        try:
            yield
        finally:
            db.session.remove()
            db.engines[None] = plain
