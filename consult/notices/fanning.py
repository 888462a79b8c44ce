"""Telling of what happened: the author of a comment follows its thread, and who wants it at once gets a mail.

Done some time after the act, in small transactions: each writes down how far it has come together with the mails that
it puts into the outbox, so that whoever is stopped between two of them leaves nothing out and nothing twice. Several
may do it: each looks, under the lock, whether it is still where it thought.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import func, or_, select, text, update

from consult import clock
from consult.accounts import queries as accounts
from consult.consultations.election_models import Effect
from consult.consultations.election_queries import organisations_with
from consult.consultations.models import Consultation
from consult.discussion.desk.acts import UNDO
from consult.discussion.models import Comment
from consult.documents.models import Document
from consult.extensions import db, transaction
from consult.notices import changed, following, mails
from consult.notices.followers import readers
from consult.notices.mails import Waiting
from consult.notices.models import Event, Follow, Happening, Pace
from consult.notices.reach import Reach, counts, newest_turn, reaches
from consult.notices.told import News

HANDFUL = 200
TURNS = 4022  # the lock on PostgreSQL under which turns are counted


def never() -> bool:
    """Say that there is time enough."""
    return False


def tell_of_happenings(is_over: Callable[[], bool] = never) -> int:
    """Tell of everything that is due, and return how many happenings that was.

    Once `is_over` says so it stops where it is, and goes on there the next time.
    """
    count = 0
    while not is_over() and (happening := _next_due()) is not None:
        if happening.event is Event.COMMENT and not happening.authors_up_to:
            _let_author_follow(happening)
        while happening.version_id is not None and changed.tell_some_at_once(happening):
            pass
        while _tell_some(happening):
            if is_over():
                return count
        count += 1
    return count


def due() -> Sequence[Happening]:
    """Return what is to be told next, oldest first.

    Nothing is told of an organisation before an election, where it has chosen so: it is told after. What has not been
    told has no turn, and stands in no digest either.
    """
    now = clock.now()
    silent = organisations_with(Effect.SEND_NO_MAILS, now)
    wanted = (
        select(Happening)
        .where(
            Happening.turn.is_(None),
            Happening.at <= now - UNDO,
            or_(Happening.organisation_id.is_(None), Happening.organisation_id.not_in(silent)),
        )
        .order_by(Happening.at, Happening.id)
        .limit(1)
    )
    return db.session.scalars(wanted).all()


def in_turn() -> None:
    """Count turns one after the other: hold the lock until the transaction ends. On SQLite it is alone anyhow."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(text(str(TURNS)), text("1"))))


def _next_due() -> Happening | None:
    found = next(iter(due()), None)
    if found is None:
        db.session.rollback()
        return None
    if found.event is Event.OPENED and (later := _opens_later(found)):
        with transaction():
            db.session.execute(update(Happening).where(Happening.id == found.id).values(at=later))
        return _next_due()
    return found


def _opens_later(happening: Happening) -> object:
    """Return when a consultation opens that was put off since; None where it has opened."""
    opens_at = db.session.scalar(
        select(Consultation.opens_at).where(Consultation.id == happening.consultation_id)
    )
    return opens_at if opens_at is not None and opens_at > clock.now() else None


def _let_author_follow(happening: Happening) -> None:
    """Let the author of a comment follow its thread. Nobody wrote it who sent it in another way than by this site."""
    with transaction():
        comment = db.session.get_one(Comment, happening.comment_id)
        if comment.recorded_by is None:
            consultation_id = db.session.get_one(Document, comment.document_id).consultation_id
            author = accounts.person(comment.author_id)
            following.follow_of_author(author, comment.root_id or comment.id, consultation_id, happening.at)
        done = update(Happening).where(Happening.id == happening.id)
        db.session.execute(done.values(authors_up_to=comment.author_id))


def _tell_some(happening: Happening) -> bool:
    """Put mails for the next handful of followers into the outbox; False once there are no more."""
    so_far = _so_far(happening.id)
    if so_far is None:
        return False
    reach = reaches([happening])[happening.id]
    ids = _next_followers(reach, so_far)
    waiting = _mails(happening, reach, ids) if ids else []
    with transaction():
        mine = select(Happening).where(Happening.id == happening.id, Happening.turn.is_(None))
        held = db.session.scalar(mine.where(Happening.followers_up_to == so_far).with_for_update())
        if held is None:
            return True  # somebody else was here: look again
        if waiting:
            mails.put(waiting)
        if ids:
            held.followers_up_to = ids[-1]
        if len(ids) < HANDFUL:
            in_turn()
            held.turn = newest_turn() + 1
    return len(ids) == HANDFUL


def _so_far(happening_id: int) -> int | None:
    """Return up to which follower a happening has been told, None once all were."""
    row = db.session.execute(
        select(Happening.followers_up_to, Happening.turn).where(Happening.id == happening_id)
    ).one()
    return row.followers_up_to if row.turn is None else None


def _next_followers(reach: Reach, after: int) -> list[int]:
    """Return the next followers who want to know at once."""
    wanted = (
        select(Follow.follower_id)
        .where(reach.condition(), Follow.pace == Pace.AT_ONCE, counts(), Follow.follower_id > after)
        .distinct()
        .order_by(Follow.follower_id)
        .limit(HANDFUL)
    )
    return list(db.session.scalars(wanted))


def _mails(happening: Happening, reach: Reach, ids: Sequence[int]) -> list[Waiting]:
    follows = mails.follows_of(ids)
    who = readers(ids)
    told = News((happening.id,))
    known = mails.told_already(ids, told)
    return [
        mails.waiting(who[follower_id], told, f"at-once:{happening.id}:{who[follower_id].follower.key}")
        for follower_id in ids
        if follower_id not in known
        and who[follower_id].address
        and not reach.leaves_out(who[follower_id].people, follows[follower_id])
    ]
