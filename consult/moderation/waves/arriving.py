"""A comment arrives: its hour counts it, and where that makes a wave, the wave begins. In the transaction of the post.

It costs one statement. Only a document with several comments in this hour is looked at further, and nothing ever counts
comments: the hours have them.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text

from consult import audit, clock
from consult.announcements import wave_begun
from consult.consultations.models import Consultation
from consult.discussion.models import Channel, Comment, State
from consult.extensions import db, transaction
from consult.keys import new_key
from consult.moderation.waves import rule
from consult.moderation.waves.models import DocumentHour, Wave

ROOM = "consult.moderation"
KEY_LENGTH = 10
LOOKS = rule.LEAST // 3  # comments in a clock hour before anybody looks whether there is a wave
SAME = timedelta(hours=3)  # a rate that falls and rises again within that is one wave, of which is told once
BEFORE_ARRIVAL = frozenset({None, State.UNCONFIRMED})
ARRIVED = frozenset({State.WAITING, State.PUBLISHED})

# two comments may be the first of an hour at once: either database adds to what the other has put there
_COUNTED = text(
    "INSERT INTO document_hour (document_id, hour, arrived_count) VALUES (:document, :hour, 1)"
    " ON CONFLICT (document_id, hour) DO UPDATE SET arrived_count = document_hour.arrived_count + 1"
    " RETURNING arrived_count"
)

# what tells most arrivals from a wave: how many came in the hour before, and whether a wave goes on already
_NEAR = text(
    "SELECT (SELECT arrived_count FROM document_hour WHERE document_id = :document AND hour = :hour - 1) AS before,"
    " (SELECT id FROM wave WHERE document_id = :document AND ended_at IS NULL) AS wave"
)


def on_comment_changed(sender: object, *, comment: Comment, before: State | None, **more: Any) -> None:
    """Count a comment that has just arrived for the public."""
    if before in BEFORE_ARRIVAL and comment.state in ARRIVED and comment.channel is Channel.WEB:
        arrive(comment)  # what officials write down comes when they have time for it


def arrive(comment: Comment) -> None:
    """Count a comment under its hour; begin a wave where there is one."""
    now = clock.now()
    of = {"document": comment.document_id, "hour": rule.hour_of(now.timestamp())}
    count = int(db.session.connection().execute(_COUNTED, of).scalar_one())
    if count >= LOOKS:
        near = db.session.connection().execute(_NEAR, of).one()
        if near.wave is None and rule.rate(count, near.before or 0, now.timestamp()) > rule.LEAST:
            _look(comment, now)


def _look(comment: Comment, now: datetime) -> None:
    consultation = comment.document.consultation
    hour = rule.hour_of(now.timestamp())
    opened = opened_in(consultation)
    hours = [*rule.comparable(hour, opened), hour - 1, hour]
    counts = _counts(comment.document_id, hours)
    now_rate = rule.rate(counts[-1], counts[-2], now.timestamp())
    most = rule.limit(counts[:-2])
    if now_rate > most:
        _begin(comment, now, most, rule.usual(counts[:-2]), is_launch=rule.is_launch(hour, opened))


def opened_in(consultation: Consultation) -> int:
    """Return the number of the hour in which a consultation opened."""
    return rule.hour_of((consultation.opens_at or consultation.created_at).timestamp())


def _counts(document_id: int, hours: list[int]) -> list[int]:
    rows = db.session.execute(
        select(DocumentHour.hour, DocumentHour.arrived_count).where(
            DocumentHour.document_id == document_id, DocumentHour.hour.in_(hours)
        )
    )
    found = {row[0]: row[1] for row in rows}
    return [found.get(hour, 0) for hour in hours]


def _begin(comment: Comment, now: datetime, most: float, usual: float, *, is_launch: bool) -> None:
    """Begin a wave, or go on with the last one if that ended only just now. One that is open is left alone."""
    last = db.session.scalar(
        select(Wave).where(Wave.document_id == comment.document_id).order_by(Wave.id.desc()).limit(1)
    )
    if last is not None and last.ended_at is None:
        return
    if last is not None and last.ended_at is not None and now - last.ended_at < SAME:
        last.ended_at = None
        record("wave.go_on", last, None, before="ended", after="open")
        return
    wave = Wave(
        key=new_key(KEY_LENGTH),
        organisation_id=comment.organisation_id,
        document_id=comment.document_id,
        began_at=now,
        most=most,
        usual=usual,
        is_launch=is_launch,
    )
    db.session.add(wave)
    db.session.flush()
    record("wave.begin", wave, None, before="", after="open")
    wave_begun.send(ROOM, wave=wave, comment=comment)


def rate_of(document_id: int, now: datetime) -> float:
    """Return how many comments came in on a document within the last hour."""
    hour = rule.hour_of(now.timestamp())
    last, this = _counts(document_id, [hour - 1, hour])
    return rule.rate(this, last, now.timestamp())


def end_over() -> int:
    """End the waves whose rate has fallen, and return how many. Each in a transaction of its own."""
    now = clock.now()
    found = db.session.execute(
        select(Wave.id, Wave.document_id, Wave.most).where(Wave.ended_at.is_(None))
    ).all()
    over = [row.id for row in found if rule.is_over(rate_of(row.document_id, now), row.most)]
    db.session.rollback()
    for wave_id in over:
        with transaction():
            _end(wave_id, now)
    return len(over)


def _end(wave_id: int, now: datetime) -> None:
    wave = db.session.get(Wave, wave_id, with_for_update=True, populate_existing=True)
    if wave is not None and wave.ended_at is None:
        wave.ended_at = now
        record("wave.end", wave, None, before="open", after="ended")


def record(act: str, wave: Wave, actor_id: int | None, *, before: str, after: str) -> None:
    """Put on record what became of a wave."""
    audit.record(
        act,
        f"wave:{wave.id}",
        actor_id=actor_id,
        organisation_id=wave.organisation_id,
        before=before,
        after=after,
    )
