"""Which words changed between two texts, in runs that a person can read.

Sentences are aligned first, then the words of those that are alike (`text.runs`). What little stayed between two
changes counts as changed with them: a sentence that was rewritten reads as one taken out and one put in. Pure.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from markupsafe import Markup, escape

from consult.text.runs import Comparison, Run

Op = Literal["equal", "delete", "insert"]
Ops = Iterator[tuple[Op, str]]
_TAGS: dict[Op, Markup] = {
    "delete": Markup("<del>{}{}</del>{}"),
    "insert": Markup("<ins>{}{}</ins>{}"),
}


def word_diff(old: str, new: str, *, exact: bool = True) -> list[tuple[Op, str]]:
    """Return runs of words that stayed, went and came; a run that went stands before what came for it.

    Unless `exact`, it makes no difference which quotation marks and dashes are used; white space never does.
    """
    found = Comparison(old, new, exact=exact)
    return [op for run in found.runs for op in _ops(found, run)]


def diff_html(old: str, new: str, *, deleted: str = "", inserted: str = "", exact: bool = True) -> Markup:
    """Return `<del>` and `<ins>` around the changes, with the caller's words for those who only hear them."""
    return _html(word_diff(old, new, exact=exact), deleted, inserted)


def ops_html(ops: Iterable[tuple[Op, str]], *, deleted: str = "", inserted: str = "") -> Markup:
    """Return runs of words as `diff_html` shows them, for who has left some of them out."""
    return _html(ops, deleted, inserted)


def sides_html(
    old: str, new: str, *, deleted: str = "", inserted: str = "", exact: bool = True
) -> tuple[Markup, Markup]:
    """Return both texts to stand side by side: in the old one what went is marked, in the new one what came."""
    found = Comparison(old, new, exact=exact)
    before = (op for run in found.runs for op in _before(found, run))
    after = (op for run in found.runs for op in _ops(found, run) if op[0] != "delete")
    return _html(before, deleted, inserted), _html(after, deleted, inserted)


def _ops(found: Comparison, run: Run) -> Ops:
    kept = found.new.text(run.new, run.kept)
    if kept and not kept[-1].isspace() and found.old.text(run.changed_old - 1, 1)[-1].isspace():
        kept += " "
    yield from _said("equal", kept)
    yield from _said("delete", found.old.text(run.changed_old, run.gone))
    yield from _said("insert", found.new.text(run.changed_new, run.come))


def _before(found: Comparison, run: Run) -> Ops:
    yield from _said("equal", found.old.text(run.old, run.kept))
    yield from _said("delete", found.old.text(run.changed_old, run.gone))


def _said(op: Op, text: str) -> Ops:
    if text.strip():
        yield op, text


def _html(ops: Iterable[tuple[Op, str]], deleted: str, inserted: str) -> Markup:
    said: dict[Op, str] = {"delete": deleted, "insert": inserted}
    return Markup().join(escape(text) if op == "equal" else _marked(op, text, said[op]) for op, text in ops)


def _marked(op: Op, text: str, said: str) -> Markup:
    words = text.rstrip()
    label = Markup('<span class="vh">{} </span>').format(said) if said else Markup()
    return _TAGS[op].format(label, words, text[len(words) :])
