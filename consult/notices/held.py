"""What is held about one person: the mails to them, and what they were told in their account. See `accounts.held`."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from consult.accounts.held import Kind, Row
from consult.accounts.models import Person
from consult.documents.models import Document, Paragraph, Version
from consult.extensions import db
from consult.notices import followers, targets
from consult.notices.models import Follow, GapMail, OutboxMail, ParagraphEvent


def mails(person: Person) -> list[Row]:
    """Return the mails to a person, without their words: a link in them would work for whoever reads the file."""
    rows = db.session.scalars(
        select(OutboxMail).where(OutboxMail.person_id == person.id).order_by(OutboxMail.id.desc())
    )
    return [
        {
            "to": mail.to_address,
            "subject": mail.subject,
            "written_at": mail.created_at,
            "sent_at": mail.sent_at,
            "given_up_at": mail.dead_at,
        }
        for mail in rows
    ]


def changes(person: Person) -> list[Row]:
    """Return what a person was told of paragraphs on which they have comments."""
    rows = db.session.execute(
        select(
            *(ParagraphEvent.relation, ParagraphEvent.comment_count, ParagraphEvent.created_at),
            *(Paragraph.number, Version.number.label("version"), Document.title),
        )
        .join(Paragraph, Paragraph.id == ParagraphEvent.paragraph_id)
        .join(Version, Version.id == ParagraphEvent.version_id)
        .join(Document, Document.id == Version.document_id)
        .where(ParagraphEvent.person_id == person.id)
        .order_by(ParagraphEvent.id.desc())
    )
    return [
        {
            "document": row.title,
            "paragraph": row.number,
            "version": row.version,
            "what": row.relation,
            "your_comments_on_it": row.comment_count,
            "at": row.created_at,
        }
        for row in rows
    ]


def follows(person: Person) -> list[Row]:
    """Return what a person follows, or followed and left; of a guest, what is followed with their address."""
    follower = followers.of_person(person)
    if follower is None:
        return []
    rows = db.session.scalars(
        select(Follow).where(Follow.follower_id == follower.id).order_by(Follow.id.desc())
    ).all()
    known = targets.described([(row.what, row.target_id) for row in rows])
    return [
        {
            "what": row.what.value,
            "title": known[row.what, row.target_id].title,
            "how_often": row.pace.value,
            "because_you_wrote_there": row.author_id is not None,
            "made_at": row.created_at,
            "confirmed_at": row.confirmed_at,
            "left_at": row.left_at,
        }
        for row in rows
        if (row.what, row.target_id) in known
    ]


def gap_mails(person: Person) -> list[Row]:
    """Return for which weeks the gaps were looked at for a person who could mend them."""
    rows = db.session.scalars(
        select(GapMail).where(GapMail.person_id == person.id).order_by(GapMail.week.desc())
    )
    return [{"week": row.week, "had_gaps": row.had_gaps} for row in rows]


KINDS = (
    Kind(
        "follows",
        _l("What you follow"),
        follows,
        frozenset({"follower.person_id", "follow.author_id"}),
    ),
    Kind("mails", _l("Mails to you"), mails, frozenset({"outbox_mail.person_id"})),
    Kind("changes", _l("Changes that you were told of"), changes, frozenset({"paragraph_event.person_id"})),
    Kind(
        "gap_mails",
        _l("Mondays on which you were told of gaps"),
        gap_mails,
        frozenset({"gap_mail.person_id"}),
    ),
)
