"""What would stand where, if passages were taken out of a comment: rendered before a transaction opens, and previewed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from consult import reasons
from consult.discussion.models import Comment, Response, Wording
from consult.discussion.words import face
from consult.errors import Invalid
from consult.moderation.redaction import queries
from consult.text import taking_out
from consult.text.bounds import LETTER_LENGTH
from consult.text.diff import diff_html
from consult.text.markdown import render_letter

MOST = 40  # passages at once
LONGEST = 5_000  # letters of all passages together


@dataclass(frozen=True)
class Texts:
    """What a comment, an earlier wording or an official reply says; the last two of a suggestion alone."""

    body: str
    html: str
    replacement: str = ""
    replacement_html: str = ""

    @property
    def face(self) -> str:
        return face(self.body, self.replacement)


@dataclass(frozen=True)
class Change:
    """What one text says, and what it is to say. It is the comment's own where neither id is set."""

    before: Texts
    after: Texts
    wording_id: int | None = None
    response_id: int | None = None


@dataclass(frozen=True)
class Plan:
    """What is to be done: the comment's own text first."""

    passages: Sequence[str]
    reason: str
    mark: str
    changes: Sequence[Change]

    @property
    def own(self) -> Change:
        return self.changes[0]


def texts_of(row: Any) -> Texts:
    """Return what a comment, an earlier wording or an official reply says."""
    return Texts(
        row.body, row.html, getattr(row, "replacement", "") or "", getattr(row, "replacement_html", "") or ""
    )


def mark_of(reason: str) -> str:
    """Return the words that stand where others were taken out."""
    return str(_("[Words taken out by a moderator: %(reason)s]", reason=reasons.label(reason)))


def plan(comment: Comment, passages: Iterable[str], reason: str) -> Plan:
    """Return what taking these passages out for a reason comes to. It changes nothing.

    Raises Invalid where nothing is chosen, a passage stands nowhere, or nothing would be left of the comment.
    """
    if reason not in reasons.BY_CODE:
        raise Invalid(_("Choose a reason"), field="reason")
    wanted = _chosen(passages)
    words = comment.block.plain if comment.block is not None else ""
    mark = mark_of(reason)
    earlier = queries.public_wordings(comment.id)
    rows: list[Comment | Wording] = [comment, *earlier]
    missing = [each for each in wanted if not any(_stands(each, texts_of(row)) for row in rows)]
    if missing:
        shown = missing[0] if len(missing[0]) <= 80 else missing[0][:80] + "…"
        raise Invalid(_("“%(words)s” does not stand in this comment", words=shown), field="passages")
    own = Change(texts_of(comment), _without(texts_of(comment), wanted, mark, words))
    left = (own.after.body + own.after.replacement).replace(mark, "")
    if not any(letter.isalnum() for letter in left):
        raise Invalid(_("Nothing would be left of it. Take the comment down instead"), field="passages")
    if len(own.after.body) > LETTER_LENGTH:
        raise Invalid(_("These words stand in too many places. Choose longer passages"), field="passages")
    others = [
        Change(texts_of(row), _without(texts_of(row), wanted, mark, words), wording_id=row.id)
        for row in earlier
    ]
    answers = [without_quotes(each, wanted, mark) for each in queries.answers_to(comment.id)]
    return Plan(wanted, reason, mark, [own, *(each for each in (*others, *answers) if _changes(each))])


def without_quotes(row: Response | Wording, passages: Sequence[str], mark: str) -> Change:
    """Return what an official reply, or an earlier wording of one, would say if it quoted none of the passages."""
    before = texts_of(row)
    which = {"response_id": row.id} if isinstance(row, Response) else {"wording_id": row.id}
    return Change(before, _without(before, passages, mark, ""), **which)


def _changes(change: Change) -> bool:
    return change.before != change.after


def _chosen(passages: Iterable[str]) -> list[str]:
    """Return the passages as they are looked for: one a line, each once."""
    lines = (" ".join(line.split()) for passage in passages for line in passage.splitlines())
    found = list(dict.fromkeys(line for line in lines if line))
    if not found:
        raise Invalid(_("Enter or tick the words to take out"), field="passages")
    if len(found) > MOST or sum(map(len, found)) > LONGEST:
        message = _(
            "Choose at most %(most)s passages, of %(longest)s characters together. If so much has to go, take the "
            "comment down or return it",
            most=MOST,
            longest=f"{LONGEST:,}",
        )
        raise Invalid(message, field="passages")
    return found


def _stands(passage: str, texts: Texts) -> bool:
    return any(
        taking_out.stands_in(passage, text)
        for text in (taking_out.told(texts.html), texts.body, texts.replacement)
    )


def _without(texts: Texts, passages: Sequence[str], mark: str, words: str) -> Texts:
    """Return texts without the passages; `words` are those of the draft that a suggestion would replace."""
    body, html = texts.body, texts.html
    if any(taking_out.stands_in(each, text) for each in passages for text in (body, taking_out.told(html))):
        taken = taking_out.take_out(body, html, passages, mark=mark, render=render_letter)
        body, html = taken.body, taken.html
    replacement, count = taking_out.take_out_plainly(texts.replacement, passages, mark)
    changed = str(diff_html(words, replacement)) if count else texts.replacement_html
    return Texts(body, html, replacement, changed)
