"""The append-only record: who did what to which thing, when, from which state to which.

It holds ids, acts, states, reasons and times, never people's text, so that text can lawfully be erased and the
chain still verifies. Entries of one organisation form a chain: each carries a digest over its content and the
digest before it, so that a missing or altered entry shows.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint, bindparam, func, insert, select, text
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
) -> None:
    """Add one entry to the chain of an organisation, in the transaction of the act itself.

    `act` is a verb of the domain ("comment.take_down"), `subject` the kind and id of the thing ("comment:12").
    `reason` is a code from a list, never words that a person wrote.
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
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


def breaks() -> Iterator[str]:
    """Yield, in words, each place where a chain does not hold; nothing when the record is whole."""
    expected: dict[int, tuple[int, str]] = {}
    entries = db.session.execute(
        select(AuditEntry.__table__)
        .order_by(AuditEntry.chain, AuditEntry.sequence)
        .execution_options(yield_per=1_000)
    ).mappings()
    for entry in entries:
        chain = entry["chain"]
        sequence, previous = expected.get(chain, (1, START))
        if entry["sequence"] != sequence:
            yield f"chain {chain}: entry {sequence} is missing"
        elif entry["previous"] != previous or entry["digest"] != digest_of(dict(entry)):
            yield f"chain {chain}: entry {entry['sequence']} was altered"
        expected[chain] = (entry["sequence"] + 1, entry["digest"])


def _lock(chain: int) -> None:
    """Let one writer at a time extend a chain; on SQLite the whole transaction already is alone."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(text("4021"), chain)))
