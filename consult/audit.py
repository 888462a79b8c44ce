"""The append-only record: who did what to which thing, when, from which state to which.

It holds ids, acts, states, reasons and times, never people's text, so that text can lawfully be erased and the
chain still verifies. Entries of one organisation form a chain: each carries a digest over its content and the
digest before it, so that a missing or altered entry shows. An entry that was about a text carries a digest of it, made
with a salt that is kept beside the text: whoever has both can show that the text is what it was, and when they are
erased the digest says nothing.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    String,
    UniqueConstraint,
    bindparam,
    func,
    insert,
    inspect,
    literal,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from consult import clock
from consult.extensions import Model, db

START = "0" * 64
SITE = 0  # the chain of acts that belong to no organisation


class AuditEntry(Model):
    """One act. Rows are added, never changed."""

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("chain", "sequence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    chain: Mapped[int]
    sequence: Mapped[int]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(index=True)
    act: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    before: Mapped[str] = mapped_column(String(60))
    after: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(String(60))
    text_digest: Mapped[str] = mapped_column(String(64), default="")
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


def record(
    act: str,
    subject: str,
    *,
    actor_id: int | None,
    organisation_id: int | None = None,
    before: str = "",
    after: str = "",
    reason: str = "",
    text_digest: str = "",
) -> None:
    """Add one entry to the chain of an organisation, in the transaction of the act itself.

    `act` is a verb of the domain ("comment.take_down"), `subject` the kind and id of the thing ("comment:12").
    `reason` is a code from a list, never words that a person wrote. `text_digest` is the salted digest of the text that
    the act was about, "" where it was about none.
    """
    chain = organisation_id or SITE
    db.session.flush()  # the act first, then the entry that tells of it
    _lock(chain)
    connection = db.session.connection()
    last = connection.execute(_LAST, {"chain": chain}).one_or_none()
    values: dict[str, Any] = {
        "chain": chain,
        "sequence": 1 if last is None else last.sequence + 1,
        "at": clock.now().astimezone(UTC).replace(microsecond=0),  # as it will be read back
        "actor_id": actor_id,
        "act": act,
        "subject": subject,
        "before": before,
        "after": after,
        "reason": reason,
        "text_digest": text_digest,
        "previous": START if last is None else last.digest,
    }
    connection.execute(_ADD, {**values, "digest": digest_of(values)})


_table: Any = AuditEntry.__table__
_LAST = (
    select(_table.c.sequence, _table.c.digest)
    .where(_table.c.chain == bindparam("chain"))
    .order_by(_table.c.sequence.desc())
    .limit(1)
)
_ADD = insert(_table)
_TOLD = ("chain", "sequence", "at", "actor_id", "act", "subject", "before", "after", "reason", "previous")


def digest_of(entry: Mapping[str, Any]) -> str:
    """Return the SHA-256 over what an entry says and the digest before it, in hexadecimal."""
    content = [entry[name].isoformat() if name == "at" else entry[name] for name in _TOLD]
    if entry["text_digest"]:  # entries from before there were such digests verify as they were
        content.append(entry["text_digest"])
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


def head(chain: int) -> tuple[int, str]:
    """Return how many entries a chain has, and the digest of the last: who keeps it sees if the chain is made anew."""
    last = db.session.execute(_LAST, {"chain": chain}).one_or_none()
    return (0, START) if last is None else (last.sequence, last.digest)


def breaks(connection: Connection | None = None) -> Iterator[str]:
    """Yield, in words, each place where a chain does not hold; nothing when the record is whole.

    `connection` is to another database than the site's: one that was restored.
    """
    before: dict[int, Mapping[str, Any]] = {}
    for entry in entries(connection):
        chain, sequence = entry["chain"], entry["sequence"]
        last = before.get(chain)
        following = 1 if last is None else last["sequence"] + 1
        is_next = sequence == following
        if not is_next:
            yield f"chain {chain}: {_missing(following, sequence)} {_between(last, entry)}"
        links = not is_next or entry["previous"] == (START if last is None else last["digest"])
        if not links or entry["digest"] != digest_of(entry):
            yield f"chain {chain}: {place_of(entry)} was altered"
        before[chain] = entry


def entries(connection: Connection | None = None) -> Iterator[Mapping[str, Any]]:
    """Yield every entry, chain by chain in order; also of a copy from before entries carried digests of texts."""
    where: Connection | Any = connection if connection is not None else db.session
    rows = where.execute(_all(where).execution_options(yield_per=1_000))
    yield from (dict(entry) for entry in rows.mappings())


def _all(where: Any) -> Select[Any]:
    here = where if isinstance(where, Connection) else where.connection()
    there = {column["name"] for column in inspect(here).get_columns(AuditEntry.__tablename__)}
    columns = [c if c.name in there else literal("").label(c.name) for c in _table.columns]
    return select(*columns).order_by(_table.c.chain, _table.c.sequence)


def place_of(entry: Mapping[str, Any]) -> str:
    """Return which entry it is, for whoever looks for it."""
    return (
        f"entry {entry['sequence']} ({entry['act']}, {entry['subject']}, {entry['at']:%Y-%m-%d %H:%M:%S} UTC)"
    )


def _missing(first: int, present: int) -> str:
    if present < first:
        return f"entry {present} is out of order,"
    if present == first + 1:
        return f"entry {first} is missing,"
    return f"entries {first} to {present - 1} are missing,"


def _between(last: Mapping[str, Any] | None, entry: Mapping[str, Any]) -> str:
    return f"before {place_of(entry)}" if last is None else f"between {place_of(last)} and {place_of(entry)}"


def _lock(chain: int) -> None:
    """Let one writer at a time extend a chain; on SQLite the whole transaction already is alone."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(text("4021"), chain)))
