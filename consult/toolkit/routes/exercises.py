"""The figures of consultations on this site where case studies tell of them, from the same counts as their ledgers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from consult import clock
from consult.consultations import stages
from consult.consultations.models import Consultation
from consult.discussion.ledger import figures
from consult.discussion.ledger import queries as public_ledger
from consult.discussion.ledger.queries import Said
from consult.toolkit.entries import runs
from consult.toolkit.entries.kinds import PageKind


@dataclass(frozen=True)
class Exercise:
    """How a consultation on this site went, by the same questions as its ledger and its files."""

    slug: str
    title: str
    comments: int
    people: int
    asked: int
    answered: int
    median_days: float | None
    changes: int | None  # known with the outcome

    @property
    def share(self) -> int:
        """Of 100 questions, how many are answered."""
        return _share(self.answered, self.asked)


def _share(answered: int, asked: int) -> int:
    return min(round(100 * answered / asked), 99 if answered < asked else 100) if asked else 0


def exercise_behind(row: Any) -> Consultation | None:
    """Return the consultation that a case study is about, once everybody may read it."""
    slug = row.facts.get("consultation") if row.kind is PageKind.CASE_STUDY else None
    return runs.run(slug) if slug else None


def stamps_of(abouts: Iterable[Consultation]) -> tuple[object, ...]:
    """Return what the figures of consultations hang on."""
    return tuple((about.id, about.stamp, stages.standing(about, clock.now())) for about in abouts)


def exercise(about: Consultation) -> Exercise:
    """Return how a consultation went."""
    found, said = figures.of(about, clock.now()), public_ledger.said(about)
    return Exercise(
        slug=about.slug,
        title=about.title,
        comments=said.comments,
        people=said.people,
        asked=found.asked,
        answered=found.answered,
        median_days=found.median_days,
        changes=said.changes,
    )


def filled(rows: Iterable[Any], abouts: Sequence[Consultation]) -> list[Any]:
    """Return entries, those of case studies of `abouts` with their figures before whatever else they say of numbers."""
    counted = public_ledger.said_in(abouts)
    told = {about.slug: _in_words(about, counted[about.id]) for about in abouts}
    return [_filled(row, told) for row in rows]


def _filled(row: Any, told: Mapping[str, str]) -> Any:
    words = told.get(row.facts.get("consultation", "")) if row.kind is PageKind.CASE_STUDY else None
    if words is None:
        return row
    own = row.facts.get("numbers", "")
    return SimpleNamespace(**{**row._asdict(), "facts": {**row.facts, "numbers": f"{words} {own}".strip()}})


def _in_words(about: Consultation, said: Said) -> str:
    comments = ngettext("%(num)s comment on this site", "%(num)s comments on this site", said.comments)
    people = ngettext("by %(num)s person", "by %(num)s people", said.people)
    asked, answered = about.question_count, about.answered_count
    share = _share(answered, asked)
    questions = ngettext(
        "%(answered)s of %(num)s question answered (%(share)s%%)",
        "%(answered)s of %(num)s questions answered (%(share)s%%)",
        asked,
        answered=answered,
        share=share,
    )
    parts = [f"{comments} {people}", questions if asked else _("no question was asked")]
    if said.changes is not None:
        parts.append(
            ngettext(
                "the words changed for %(num)s comment",
                "the words changed for %(num)s comments",
                said.changes,
            )
        )
    return "; ".join(parts) + "."
