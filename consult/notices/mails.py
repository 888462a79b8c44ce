"""Putting mails to followers into the outbox, many at a time. They hold no words yet: see `notices.telling`."""

import hashlib
from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, insert, select

from consult import clock
from consult.extensions import db
from consult.notices.actions import host
from consult.notices.followers import Reader
from consult.notices.models import Follow, OutboxMail
from consult.notices.reach import counts
from consult.notices.told import ChangedParagraphs, News

Waiting = dict[str, Any]
WAITS = {"attempts": 0, "is_test": False, "last_error": "", "thread": "", "unit_name": ""}


def waiting(reader: Reader, tells: News | ChangedParagraphs, once: str) -> Waiting:
    """Return the row of a mail that is to tell a follower something. `once` names it: there is none of it twice."""
    now = clock.now()
    changed = isinstance(tells, ChangedParagraphs)
    return {
        "message_id": f"<{hashlib.sha256(once.encode()).hexdigest()[:32]}@{host()}>",
        "person_id": reader.follower.person_id,
        "to_address": reader.address,
        "subject": _("The paragraph you commented on has changed") if changed else _("What you follow"),
        "body": "",
        "browser": reader.follower.browser,
        "created_at": now,
        "due_at": now,
        "follower_id": reader.follower.id,
        "tells": str(tells),
    }


_outbox: Any = OutboxMail.__table__
_HELD = select(_outbox.c.message_id).where(_outbox.c.message_id.in_(bindparam("ids", expanding=True)))
_ADD = insert(_outbox)


def put(rows: Sequence[Waiting]) -> None:
    """Put mails into the outbox, in one statement, but those that are there already."""
    run = db.session.connection().execute
    held = set(run(_HELD, {"ids": [row["message_id"] for row in rows]}).scalars())
    new = [row for row in rows if row["message_id"] not in held]
    if new:
        run(_ADD, [{**WAITS, **row} for row in new])


def told_already(follower_ids: Collection[int], tells: News) -> set[int]:
    """Return which of some followers have a mail that tells this: an account may have taken one over meanwhile."""
    wanted = select(OutboxMail.follower_id).where(
        OutboxMail.follower_id.in_(follower_ids), OutboxMail.tells == str(tells)
    )
    return {follower_id for follower_id in db.session.scalars(wanted) if follower_id is not None}


def follows_of(follower_ids: Collection[int]) -> dict[int, list[Follow]]:
    """Return what each of some followers follows: what counts of it."""
    found: dict[int, list[Follow]] = {follower_id: [] for follower_id in follower_ids}
    wanted = select(Follow).where(Follow.follower_id.in_(follower_ids), counts()).order_by(Follow.id)
    for follow in db.session.scalars(wanted):
        found[follow.follower_id].append(follow)
    return found
