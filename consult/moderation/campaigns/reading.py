"""Reading comments as letters: what they quote from the draft, or from the comment that they answer, left out."""

from collections import OrderedDict
from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from consult.discussion.models import Comment
from consult.documents.models import Block
from consult.extensions import db
from consult.text.campaigns.letters import Letter, letter
from consult.text.campaigns.words import Runs, runs_of

KEPT = 2_000  # letters that a process keeps as they are compared

_kept: "OrderedDict[tuple[int, int], Letter]" = OrderedDict()


def letters(marks: dict[int, int]) -> dict[int, Letter]:
    """Return comments as letters; `marks` says of each which words it is known to have."""
    found = {number: _kept[number, mark] for number, mark in marks.items() if (number, mark) in _kept}
    for number, read in read_all(number for number in marks if number not in found):
        found[number] = read
        keep(number, read)
    return found


def keep(number: int, read: Letter) -> None:
    """Remember a letter: it will be compared with the next ones."""
    _kept[number, read.mark] = read
    while len(_kept) > KEPT:
        _kept.popitem(last=False)


def read_all(ids: Iterable[int]) -> Iterable[tuple[int, Letter]]:
    """Read comments anew."""
    wanted = list(ids)
    if not wanted:
        return
    above = aliased(Comment)
    rows = db.session.execute(
        select(Comment.id, Comment.body, Comment.version_id, above.body)
        .outerjoin(above, above.id == Comment.parent_id)
        .where(Comment.id.in_(wanted))
        .order_by(Comment.id)
    )
    quotable: dict[int, Runs] = {}
    for number, body, version_id, answered in rows.all():
        if version_id not in quotable:
            quotable[version_id] = _runs_of_version(version_id)
        yield number, letter(body, quotable[version_id], runs_of(answered or ""))


def _runs_of_version(version_id: int) -> Runs:
    """Return what people may quote from a version of a draft."""
    size = select(func.count(), func.sum(func.length(Block.plain))).where(Block.version_id == version_id)
    return _quotable(version_id, tuple(db.session.execute(size).one()))


@lru_cache(maxsize=8)
def _quotable(version_id: int, size: tuple[int, int]) -> Runs:
    """Read a version once, and again when misprints were corrected in it, which changes its size."""
    words = select(Block.plain).where(Block.version_id == version_id).order_by(Block.position)
    return runs_of("\n\n".join(db.session.scalars(words)))
