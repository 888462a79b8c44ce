"""Writing down what did not come by this site: a letter, a call, words said at a meeting. Officials of the unit do.

It counts as any other and goes where the policy sends it; beside it stands how it came. Whoever said it has no account:
a name of their own stands for them, without an address, and nobody can sign in with it.
"""

import enum
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from consult import audit, clock
from consult.accounts import names
from consult.accounts.models import Person
from consult.consultations import stages
from consult.consultations.models import Consultation
from consult.discussion import actions, conditions, replacing
from consult.discussion.models import BodyKind, Channel, Comment, Decision, Kind, State
from consult.discussion.words import Words, form_token
from consult.documents.models import WHOLE, Document, Paragraph
from consult.errors import Closed, Invalid
from consult.extensions import db
from consult.keys import new_key
from consult.permissions import May, allows, require
from consult.text.bounds import COMMENT_LENGTH

EARLY = timedelta(days=90)  # before the opening: people write when they hear that it is coming
BY_RECORDER = "recorder"  # the reason of a withdrawal by those who wrote it down


class Consent(enum.Enum):
    """What they agreed to whose words an official writes down."""

    NAMED = "named"
    UNNAMED = "unnamed"
    TEAM = "team"


@dataclass(frozen=True)
class Record:
    """How and when something came, from whom and for whom, and what they agreed to. `source` is in words."""

    channel: Channel
    received_on: date
    source: str
    consent: Consent
    name: str = ""
    on_behalf_of: str = ""
    on_behalf_kind: BodyKind | None = None
    why: str = ""  # it is confidential

    @property
    def shown_name(self) -> str:
        """Return the name that stands beside the words: none that they did not agree to."""
        is_shown = self.name and self.consent is not Consent.UNNAMED
        return self.name if is_shown else str(_("No name given"))


def record_response(
    *,
    actor: Any,
    paragraph: Paragraph,
    words: Words,
    kind: Kind,
    record: Record,
    zone: tzinfo,
    once: str = "",
) -> Comment:
    """Write down a response on a paragraph, or the whole draft, as it reads now. Days are those of `zone`.

    The same form (`once`) with the same words makes one row. Raises Closed before the opening and after the outcome,
    Invalid for a day that cannot be, or a paragraph that takes no comments.
    """
    document = paragraph.document
    consultation = document.consultation
    require(May.RECORD, actor, consultation)
    more = (words.replacement,) if words.replacement else ()
    token = form_token(once, paragraph.id, kind.value, words.body, *more)
    if token and (twin := _recorded(actor.id, token)):
        return twin
    check_recordable(consultation, paragraph, record, zone)
    comment = _row(actor, paragraph, words, kind, record, token)
    words = replacing.on_its_block(comment, words)
    comment.replacement, comment.replacement_html = words.replacement, words.replacement_html
    comment.is_late = came_late(consultation, record.received_on, zone)
    db.session.add(comment)
    after, rule = actions.begins_as(comment, consultation, rule=f"policy.{consultation.policy.value}")
    actions.begin(actor=actor, comment=comment, after=after, rule=rule, act="comment.record")
    audit.record(
        "comment.consent",
        f"comment:{comment.id}",
        actor_id=actor.id,
        organisation_id=comment.organisation_id,
        reason=record.consent.value,
    )
    return comment


def check_recordable(consultation: Consultation, paragraph: Paragraph, record: Record, zone: tzinfo) -> None:
    """Raise unless it can be written down now, there, and as of that day."""
    now = clock.now()
    if not stages.takes_responses(consultation, now):
        raise Closed(
            _("Responses are written down from the opening until the outcome. The time for that is over.")
        )
    if not paragraph.is_open:
        raise Invalid(_("The unit takes no comments on this paragraph."), field="where")
    if record.name and record.consent is not Consent.UNNAMED:
        names.refuse_posing(record.name, is_given=True)
    if record.received_on > now.astimezone(zone).date():
        raise Invalid(_("This day has not come yet"), field="received_on")
    opened = consultation.opens_at or consultation.created_at
    earliest = (opened - EARLY).astimezone(zone).date()
    if record.received_on < earliest:
        raise Invalid(
            _("This is more than 90 days before the consultation opened. Check the year"), field="received_on"
        )


def came_late(consultation: Consultation, on: date, zone: tzinfo) -> bool:
    """Say whether something came after the closing day."""
    closes_at: datetime | None = consultation.closes_at
    if closes_at is None:
        return False
    last = (closes_at - timedelta(microseconds=1)).astimezone(zone).date()
    return on > last


def _row(actor: Any, paragraph: Paragraph, words: Words, kind: Kind, record: Record, token: str) -> Comment:
    document, now = paragraph.document, clock.now()
    author = Person(
        name=record.shown_name, email="", is_guest=True, created_at=now, confirmed_at=now, roles=[]
    )
    db.session.add(author)
    db.session.flush()
    version_id = conditions.version_read(document, None)
    is_team_only = record.consent is Consent.TEAM
    return Comment(
        key=new_key(actions.KEY_LENGTH),
        organisation_id=document.consultation.organisation_id,
        document_id=document.id,
        paragraph_id=paragraph.id,
        version_id=version_id,
        block_id=conditions.block_read(paragraph, version_id),
        depth=0,
        author_id=author.id,
        kind=kind,
        was_published=False,
        is_team_only=is_team_only,
        confidential_reason=record.why if is_team_only else "",
        on_behalf_of=record.on_behalf_of,
        on_behalf_kind=record.on_behalf_kind if record.on_behalf_of else None,
        is_letter=paragraph.key == WHOLE and len(words.body) > COMMENT_LENGTH,
        channel=record.channel,
        received_on=record.received_on,
        source=record.source,
        recorded_by=actor.id,
        body=words.body,
        html=words.html,
        created_at=now,
        once=token or None,
    )


def _recorded(actor_id: int, token: str) -> Comment | None:
    """Return what this official made of this form before. One at a time: each row has an author of its own."""
    db.session.execute(select(Person.id).where(Person.id == actor_id).with_for_update())
    return db.session.scalar(select(Comment).where(Comment.recorded_by == actor_id, Comment.once == token))


def correct_record(
    *, actor: Any, comment: Comment, words: Words, seen: str = "", kind: Kind | None = None
) -> Comment:
    """Give what an official wrote down other words, or another kind, until the outcome; as when an author corrects."""
    require(May.MEND_RECORD, actor, comment)
    return actions.put_right(
        actor=actor, comment=comment, words=words, seen=seen, is_in_time=stages.takes_responses, kind=kind
    )


def withdraw_record(*, actor: Any, comment: Comment, note: str = "") -> Decision:
    """Take back what an official wrote down, because they ask for it or it was a mistake. A marker stays."""
    require(May.MEND_RECORD, actor, comment)
    return actions.lead(actor=actor, comment=comment, after=State.WITHDRAWN, reason=BY_RECORDER, note=note)


def paragraph_numbered(document: Document, number: str) -> Paragraph | None:
    """Return the paragraph that bears a number as people write it ("7a"), or the whole draft for none."""
    wanted = Paragraph.key == WHOLE
    if number:
        number = number.upper() if number[0].isdigit() else number.lower()
        wanted = (Paragraph.number == number) & (Paragraph.key != WHOLE)
    found = db.session.scalar(select(Paragraph).where(Paragraph.document_id == document.id, wanted))
    if found is not None and found.home_id is not None:  # joined with another: the talk goes on there
        found = db.session.get_one(Paragraph, found.home_id)
    return found


def same_words(document: Document, words: Words) -> Comment | None:
    """Return what was written down on a document in the same words before: most likely the same letter."""
    return db.session.scalar(
        select(Comment)
        .where(
            Comment.document_id == document.id,
            Comment.recorded_by.is_not(None),
            Comment.body == words.body,
            Comment.state.not_in((State.WITHDRAWN, State.ERASED)),
        )
        .limit(1)
    )


def may_mend(actor: Any, comment: Comment) -> bool:
    """Say whether somebody may correct or take back what stands there: officials of the unit, what was written down."""
    return allows(May.MEND_RECORD, actor, comment)
