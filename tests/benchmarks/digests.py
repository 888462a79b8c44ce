"""What a digest of many followers costs: how long it takes, and how long it ever keeps other writers waiting."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select

from consult import clock
from consult.discussion.models import Comment
from consult.documents.models import Document
from consult.extensions import db, transaction
from consult.notices import digests
from consult.notices.followers import new_key
from consult.notices.models import Event, Follow, Follower, Happening, OutboxMail, Pace, What

BATCH = 1_000


@dataclass
class Locks:
    """How long each transaction that writes was open: the lock, the writes, the commit with its fsync."""

    spans: list[float] = field(default_factory=list)

    @contextmanager
    def transaction(self, *arguments: Any, **values: Any) -> Iterator[None]:
        began = time.perf_counter()
        with transaction(*arguments, **values):
            yield
        self.spans.append(1000 * (time.perf_counter() - began))


def follow(of: Document, count: int) -> None:
    """Let so many addresses follow a document by daily digest, every tenth its consultation as well."""
    now = clock.now()
    since = now - timedelta(days=2)
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        rows = [
            {"key": new_key(), "email": f"follower{number}@mail.example", "created_at": now}
            for number in numbers
        ]
        db.session.execute(insert(Follower), rows)
    db.session.flush()
    ids = db.session.scalars(select(Follower.id).order_by(Follower.id)).all()
    plain = {"consultation_id": of.consultation_id, "pace": Pace.DAILY, "created_at": since}
    plain |= {"since": since, "confirmed_at": since}
    follows = [{"what": What.DOCUMENT, "target_id": of.id, "follower_id": each} for each in ids]
    follows += [
        {"what": What.CONSULTATION, "target_id": of.consultation_id, "follower_id": each}
        for each in ids[::10]
    ]
    for start in range(0, len(follows), BATCH):
        rows = [{**plain, **each, "key": new_key()} for each in follows[start : start + BATCH]]
        db.session.execute(insert(Follow), rows)
    db.session.commit()


def happen(of: Document) -> int:
    """Let every comment on a document be a happening that was told at once to whoever wanted that; return how many."""
    comments = db.session.execute(select(Comment.id, Comment.created_at).order_by(Comment.id)).all()
    rows = [
        {
            "event": Event.COMMENT,
            "at": row.created_at,
            "organisation_id": of.consultation.organisation_id,
            "unit_id": of.consultation.unit_id,
            "consultation_id": of.consultation_id,
            "document_id": of.id,
            "comment_id": row.id,
            "turn": turn,
        }
        for turn, row in enumerate(comments, 1)
    ]
    db.session.execute(insert(Happening), rows)
    db.session.commit()
    return len(rows)


def build() -> tuple[float, int, Locks]:
    """Build the digests that are due; return the seconds that took, how many there are, and the locks."""
    locks = Locks()
    original, digests.transaction = digests.transaction, locks.transaction
    try:
        began = time.perf_counter()
        digests.send_due_digests()
        seconds = time.perf_counter() - began
    finally:
        digests.transaction = original
    count = db.session.scalar(select(func.count()).where(OutboxMail.tells != "")) or 0
    return seconds, count, locks
