"""Who is told that the paragraph on which they commented has changed: one mail a person and version, at their pace.

The pace is the soonest at which they follow anything of the consultation. Who wrote there follows their thread, unless
they left it: then nothing is told.
"""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select, update

from consult import clock
from consult.accounts import queries as accounts
from consult.discussion.models import Comment
from consult.discussion.visibility import public
from consult.extensions import db, transaction
from consult.notices import followers, following, mails
from consult.notices.followers import Reader, readers
from consult.notices.mails import Waiting
from consult.notices.models import Follow, Happening, Pace, ParagraphEvent
from consult.notices.told import ChangedParagraphs

HANDFUL = 20  # each is looked after under the lock
SOONEST = (Pace.AT_ONCE, Pace.DAILY, Pace.WEEKLY)


def pace_of(follows: Iterable[Follow], consultation_id: int | None) -> Pace | None:
    """Return the soonest pace at which anything of a consultation is followed, None where nothing is."""
    paces = {follow.pace for follow in follows if follow.consultation_id == consultation_id}
    return next((pace for pace in SOONEST if pace in paces), None)


def tell_some_at_once(happening: Happening) -> bool:
    """Look after the next handful of people of whom a version changed a paragraph; False once there are no more.

    Who wants it at once gets a mail; who wants a digest, with the next one; who follows nothing, none.
    """
    with transaction():
        held = db.session.scalar(select(Happening).where(Happening.id == happening.id).with_for_update())
        if held is None or held.turn is not None:
            return False
        people = _next_people(held)
        if not people:
            return False
        _let_follow(held, people)
        held.authors_up_to = people[-1]
        _tell(held, people)
    return len(people) == HANDFUL


def mails_for(
    some: Collection[Reader], paces: Collection[Pace], follows: dict[int, list[Follow]], turn: int
) -> tuple[list[Waiting], list[int]]:
    """Return the mails that go with the digests of some paces, up to a turn, and the ids of the events that they tell."""
    by_person = {person: reader for reader in some for person in reader.people}
    rows = db.session.execute(
        select(
            *(ParagraphEvent.id, ParagraphEvent.person_id, ParagraphEvent.version_id),
            Happening.consultation_id,
        )
        .join(Happening, Happening.version_id == ParagraphEvent.version_id)
        .where(
            ParagraphEvent.person_id.in_(by_person),
            ParagraphEvent.mailed_at.is_(None),
            Happening.turn <= turn,
        )
        .order_by(ParagraphEvent.id)
    ).all()
    found: dict[str, Waiting] = {}
    told = []
    for row in rows:
        reader = by_person[row.person_id]
        pace = pace_of(follows[reader.follower.id], row.consultation_id)
        if pace not in paces or not reader.address:
            continue
        told.append(row.id)
        mail = _mail(reader, row.version_id)
        found[mail["message_id"]] = mail
    return list(found.values()), told


def note_mailed(event_ids: Sequence[int]) -> None:
    """Write down that people were told of these events, or are not to be."""
    if event_ids:
        told = update(ParagraphEvent).where(ParagraphEvent.id.in_(event_ids))
        db.session.execute(told.values(mailed_at=clock.now()))


def _next_people(happening: Happening) -> list[int]:
    wanted = (
        select(ParagraphEvent.person_id)
        .where(
            ParagraphEvent.version_id == happening.version_id,
            ParagraphEvent.person_id > happening.authors_up_to,
            ParagraphEvent.mailed_at.is_(None),
        )
        .distinct()
        .order_by(ParagraphEvent.person_id)
        .limit(HANDFUL)
    )
    return list(db.session.scalars(wanted))


def _let_follow(happening: Happening, people: Sequence[int]) -> None:
    """Let those follow their thread who wrote before there was anything to follow."""
    rows = db.session.execute(
        select(Comment.author_id, Comment.id, Comment.root_id)
        .where(Comment.author_id.in_(people), Comment.document_id == happening.document_id, public())
        .order_by(Comment.id)
    ).all()
    threads = {(row.author_id, row.root_id or row.id) for row in rows}
    known = accounts.people_by_id(people)
    for person_id, root_id in sorted(threads):
        following.follow_of_author(known[person_id], root_id, happening.consultation_id or 0, happening.at)


def _tell(happening: Happening, people: Sequence[int]) -> None:
    known = accounts.people_by_id(people)
    of_person = {
        person_id: follower
        for person_id in people
        if (follower := followers.of_person(known[person_id])) is not None
    }
    ids = {follower.id for follower in of_person.values()}
    follows, who = mails.follows_of(ids), readers(ids)
    rows, over = {}, []
    for person_id in people:
        follower = of_person.get(person_id)
        pace = pace_of(follows[follower.id], happening.consultation_id) if follower else None
        if follower is not None and pace is Pace.AT_ONCE and who[follower.id].address:
            mail = _mail(who[follower.id], happening.version_id or 0)
            rows[mail["message_id"]] = mail
        if pace in (None, Pace.AT_ONCE):
            over.append(person_id)
    if rows:
        mails.put(list(rows.values()))
    done = update(ParagraphEvent).where(
        ParagraphEvent.version_id == happening.version_id, ParagraphEvent.person_id.in_(over)
    )
    if over:
        db.session.execute(done.values(mailed_at=clock.now()))


def _mail(reader: Reader, version_id: int) -> Waiting:
    once = f"changed:{version_id}:{reader.follower.key}"
    return mails.waiting(reader, ChangedParagraphs(version_id), once)
