"""Taking a text and all its copies out of the tables that people read, and putting them back as they were."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update

from consult.accounts.sealing import seal, unseal
from consult.discussion.digests import digest_of
from consult.discussion.models import Comment, Correction, Decision, UnsentComment, Wording
from consult.extensions import Moment, db
from consult.moderation.appeals.models import Appeal
from consult.moderation.complaints.models import Complaint
from consult.moderation.escalation.models import Escalation
from consult.moderation.models import Report
from consult.moderation.redaction.models import RedactedText, Redaction
from consult.moderation.seals.models import Seal

OWN = (
    "body",
    "html",
    "salt",
    "replacement",
    "replacement_html",
    "confidential_reason",
    "source",
    "on_behalf_of",
)
TEXTS = ("body", "html", "replacement", "replacement_html")
BESIDE: tuple[tuple[Any, tuple[str, ...]], ...] = (  # what it said before, and what people wrote beside it
    (Wording, TEXTS),
    (RedactedText, TEXTS),
    (Redaction, ("passages",)),
    (Report, ("note",)),
    (Decision, ("note",)),
    (Appeal, ("why", "words")),
    (Complaint, ("statement", "why", "meaning", "untrue", "words")),
    (Escalation, ("note", "reply")),
)
WHOLE: tuple[Any, ...] = (Correction,)  # rows that are nothing but a text


def lock_away(seal_of: Seal, comment: Comment) -> list[str]:
    """Move every copy into the seal, encrypted; return the words themselves, by which mails that quote them are found.

    What lies in the author's browser as a draft of it is deleted: they have it, and it is nobody else's.
    """
    kept: dict[str, Any] = {"own": {name: getattr(comment, name) for name in OWN}, "beside": {}, "whole": {}}
    for model, names in BESIDE:
        columns = [getattr(model, name) for name in names]
        rows = db.session.execute(select(model.id, *columns).where(_of(model, comment))).mappings()
        kept["beside"][model.__tablename__] = [dict(row) for row in rows]
        empty = dict.fromkeys(names, "")
        db.session.execute(update(model).where(_of(model, comment)).values(**empty))
    for model in WHOLE:
        rows = db.session.execute(
            select(model.__table__).where(model.comment_id == comment.id).order_by(model.id)
        ).mappings()
        kept["whole"][model.__tablename__] = [dict(row) for row in rows]
        db.session.execute(delete(model).where(model.comment_id == comment.id))
    db.session.execute(delete(UnsentComment).where(UnsentComment.comment_id == comment.id))
    seal_of.text = seal(json.dumps(kept, default=_plain), _about(seal_of))
    for name in OWN:
        setattr(comment, name, "")
    db.session.flush()
    there = [row for part in ("beside", "whole") for each in kept[part].values() for row in each]
    texts = [kept["own"], *(row for row in there if "body" in row)]
    return [words for each in texts for words in (each["body"], each["replacement"]) if words]


def _of(model: Any, comment: Comment) -> ColumnElement[bool]:
    if model is RedactedText:
        return RedactedText.redaction_id.in_(select(Redaction.id).where(Redaction.comment_id == comment.id))
    found: ColumnElement[bool] = model.comment_id == comment.id
    return found


def put_back(seal_of: Seal, comment: Comment) -> None:
    """Put every copy back where it was, and empty the seal. Raises ValueError where the key of the site is another."""
    kept = _kept(seal_of)
    for name, value in kept["own"].items():
        setattr(comment, name, value)
    for model, names in BESIDE:
        for row in kept["beside"][model.__tablename__]:
            values = {name: row[name] for name in names}
            db.session.execute(update(model).where(model.id == row["id"]).values(**values))
    for model in WHOLE:
        for row in kept["whole"][model.__tablename__]:
            db.session.execute(insert(model).values(**_as_stored(model, row)))
    seal_of.text = ""
    db.session.flush()


def text_of(seal_of: Seal) -> dict[str, str]:
    """Return what the comment said: its HTML and the words it would put instead, as they were shown."""
    own: dict[str, str] = _kept(seal_of)["own"]
    return own


def sealed_digest(comment_id: int) -> str:
    """Return the salted digest of a sealed text, for whoever holds the record against it; "" where none is readable."""
    wanted = select(Seal).where(Seal.comment_id == comment_id, Seal.text != "", Seal.over_at.is_(None))
    seal_of = db.session.scalar(wanted)
    try:
        own = _kept(seal_of)["own"] if seal_of is not None else {"salt": ""}
    except ValueError:
        return ""
    if not own["salt"]:
        return ""
    return digest_of(own["salt"], own["body"], own["replacement"])


def _kept(seal_of: Seal) -> dict[str, Any]:
    opened = unseal(seal_of.text, _about(seal_of))
    if opened is None:
        raise ValueError(f"seal {seal_of.id}: the key of this site does not open it")
    kept: dict[str, Any] = json.loads(opened)
    return kept


def _about(seal_of: Seal) -> str:
    return f"comment {seal_of.comment_id}"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value.value


def _as_stored(model: Any, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as its table takes it: moments and codes are text in the seal."""
    values = {}
    for column in model.__table__.columns:
        value, codes = row[column.name], getattr(column.type, "enum_class", None)
        if value is not None and isinstance(column.type, Moment):
            value = datetime.fromisoformat(value)
        elif value is not None and codes is not None:
            value = codes(value)
        values[column.name] = value
    return values
