"""Comments arrive: they are written down at once, and put into their campaign some seconds later.

A post costs one row. `group_waiting` reads and compares without a lock, and writes each in a transaction of its own that
takes the row away again: whoever is stopped in between has lost nothing, and several may do it. What is withdrawn or
erased leaves in the transaction of that act.
"""

import logging
import math
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from consult.discussion.models import Comment, State
from consult.documents.models import Document
from consult.errors import Conflict
from consult.extensions import db, transaction
from consult.moderation.campaigns import reading
from consult.moderation.campaigns.models import Campaign, CampaignBand, CampaignLetter, CampaignWaiting
from consult.moderation.campaigns.shelf import Tables
from consult.moderation.campaigns.writing import GROUPED, Stale, take_turn, turn_of
from consult.text.campaigns.grouping import arrive, settle
from consult.text.campaigns.letters import SEED, Letter

log = logging.getLogger("consult.campaigns")

MOST = 5  # attempts at a comment
TRIES = 3  # without a lock; then with it
BEFORE_ARRIVAL = frozenset({None, State.UNCONFIRMED})
GONE = frozenset({State.WITHDRAWN, State.ERASED})


def on_comment_changed(
    sender: object, *, comment: Comment, before: State | None, decision: Any, **more: Any
) -> None:
    """Write down that a comment has arrived or has other words; let what is withdrawn or erased leave."""
    if comment.is_team_only:
        return  # no moderator may know that it is there
    if comment.state in GONE:
        leave(comment.id)
    elif comment.state in GROUPED and (decision is None or before in BEFORE_ARRIVAL):
        wait(comment.id)


_waiting: Any = CampaignWaiting.__table__
_WAIT = insert(_waiting)


def wait(comment_id: int) -> None:
    """Let a comment be looked at."""
    db.session.flush()
    db.session.connection().execute(_WAIT, {"comment_id": comment_id, "attempts": 0})


def leave(comment_id: int) -> None:
    """Take a comment out of its campaign and of everything by which it is found."""
    db.session.execute(delete(CampaignWaiting).where(CampaignWaiting.comment_id == comment_id))
    letter = db.session.get(CampaignLetter, comment_id)
    if letter is None:
        return
    take_turn(letter.consultation_id)
    take_out(letter)
    db.session.delete(letter)
    db.session.flush()


def take_out(letter: CampaignLetter) -> None:
    """Let a letter stand alone, under no band. The caller has taken the turn."""
    db.session.execute(delete(CampaignBand).where(CampaignBand.comment_id == letter.comment_id))
    campaign_id, letter.campaign_id = letter.campaign_id, None
    was_first, letter.is_first = letter.is_first, False
    db.session.flush()
    if was_first:
        _let_a_twin_be_first(letter)
    if campaign_id is not None:
        _shrink(campaign_id)


def _let_a_twin_be_first(letter: CampaignLetter) -> None:
    """Let another letter of the same words stand for them from now on."""
    wanted = select(CampaignLetter).where(
        CampaignLetter.consultation_id == letter.consultation_id,
        CampaignLetter.mark == letter.mark,
        CampaignLetter.comment_id != letter.comment_id,
        CampaignLetter.is_apart.is_(False),
    )
    twin = db.session.scalar(wanted.order_by(CampaignLetter.comment_id).limit(1))
    if twin is not None:
        twin.is_first = True
        wait(twin.comment_id)


def _shrink(campaign_id: int) -> None:
    """Count one letter less; of one letter alone there is no campaign. Another goes into the buckets that are empty now."""
    campaign = db.session.get_one(Campaign, campaign_id, populate_existing=True)
    campaign.letter_count -= 1
    db.session.flush()
    if campaign.letter_count < 2:
        db.session.execute(
            update(CampaignLetter).where(CampaignLetter.campaign_id == campaign_id).values(campaign_id=None)
        )
        db.session.delete(campaign)
        db.session.flush()
        return
    other = db.session.scalar(
        select(CampaignLetter.comment_id)
        .where(CampaignLetter.campaign_id == campaign_id, CampaignLetter.is_first)
        .order_by(CampaignLetter.mark)
        .limit(1)
    )
    if other is not None:
        wait(other)


def never() -> bool:
    """Say that there is time enough."""
    return False


def group_waiting(is_over: Callable[[], bool] = never) -> int:
    """Put what has arrived into its campaign, oldest first, and return how many comments that was."""
    count = 0
    while not is_over() and (waiting := _next()) is not None:
        _try(*waiting)
        count += 1
    return count


def _try(waiting_id: int, comment_id: int, consultation_id: int) -> None:
    """Group one comment, and let those behind it not wait for one that cannot be grouped."""
    try:
        group(waiting_id, comment_id, consultation_id)
    except Exception:
        log.exception("a comment could not be grouped", extra={"comment": comment_id})
        db.session.rollback()
        with transaction():
            mine = update(CampaignWaiting).where(CampaignWaiting.id == waiting_id)
            db.session.execute(mine.values(attempts=CampaignWaiting.attempts + 1))


def group_for(seconds: float = math.inf) -> bool:
    """Do the same for so many seconds, and say whether all is done."""
    until = time.monotonic() + seconds
    group_waiting(lambda: time.monotonic() >= until)
    return time.monotonic() < until


def _next() -> tuple[int, int, int] | None:
    """Return the oldest that waits, of those that were tried least: its row, the comment and the consultation."""
    found = (db.session.execute(OLDEST, {"attempts": attempts}).first() for attempts in range(MOST))
    row = next((row for row in found if row is not None), None)
    db.session.rollback()
    return None if row is None else (row[0], row[1], row[2])


_of_comment = (
    select(Document.consultation_id)
    .join(Comment, Comment.document_id == Document.id)
    .where(Comment.id == CampaignWaiting.comment_id)
    .correlate(CampaignWaiting)
    .scalar_subquery()
)
# in the order of its key, so that neither what waits nor what was said is looked through: a join was planned by way of
# all comments
OLDEST = (
    select(CampaignWaiting.id, CampaignWaiting.comment_id, _of_comment)
    .where(CampaignWaiting.attempts == bindparam("attempts"))
    .order_by(CampaignWaiting.id)
    .limit(1)
)


def group(waiting_id: int, comment_id: int, consultation_id: int) -> None:
    """Put one comment into its campaign, whoever else does so at the same time."""
    for _attempt in range(TRIES):
        try:
            _group(waiting_id, comment_id, consultation_id)
        except (Stale, Conflict):  # Conflict: somebody else has written this very comment
            db.session.rollback()
        else:
            return
    with transaction():
        take_turn(consultation_id)
        _decide(comment_id, consultation_id)(waiting_id)


def _group(waiting_id: int, comment_id: int, consultation_id: int) -> None:
    write = _decide(comment_id, consultation_id)
    db.session.rollback()
    with transaction():
        write(waiting_id)


def _decide(comment_id: int, consultation_id: int) -> Callable[[int], None]:
    """Compare a comment with what is there, and return what is to be written."""
    shelf = Tables(consultation_id, turn_of(consultation_id))
    known = db.session.get(CampaignLetter, comment_id, populate_existing=True)
    read: Letter | None = next((each for _number, each in reading.read_all([comment_id])), None)
    if read is None:
        return _done
    reading.keep(comment_id, read)
    if known is not None and (known.is_apart or known.mark != read.mark or known.sketch != SEED):
        return lambda waiting_id: _read_again(comment_id, read, waiting_id)
    if known is None:
        arrive(shelf, comment_id, read)
    elif read.is_groupable:
        shelf.recall(comment_id, read, known.campaign_id, is_first=known.is_first)
        settle(shelf, comment_id, set())
    else:
        return _done
    return shelf.plan(comment_id, read).write


def _done(waiting_id: int) -> None:
    db.session.execute(delete(CampaignWaiting).where(CampaignWaiting.id == waiting_id))


def _read_again(comment_id: int, read: Letter, waiting_id: int) -> None:
    """Let a letter go whose words have changed, to arrive anew; one that was set apart stays so, with its new words."""
    letter = db.session.get(CampaignLetter, comment_id, populate_existing=True)
    if letter is not None and letter.is_apart:
        letter.mark, letter.sketch = read.mark, SEED
    elif letter is not None:
        leave(comment_id)
        wait(comment_id)
    _done(waiting_id)
