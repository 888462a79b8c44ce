"""Count what a page asks of the database."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.engine import Engine


@contextmanager
def queries() -> Iterator[list[str]]:
    """Gather every statement that is run meanwhile, but for those that begin or end a transaction.

    What nothing holds any more is let go first: a row that only lingers in the session would now and then save a read.
    """
    gc.collect()
    seen: list[str] = []

    def note(connection, cursor, statement, parameters, context, many):
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
