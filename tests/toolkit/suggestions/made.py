"""Suggestions to test with, made through the actions of the room."""

from typing import Any

from consult.extensions import transaction
from consult.toolkit.models import Page
from consult.toolkit.suggestions import actions
from consult.toolkit.suggestions.models import Suggestion
from tests.toolkit.shelf import worded


def suggested(
    page: Page | None, source: str, *, by: Any, why: str = "It is clearer.", **how: Any
) -> Suggestion:
    title, summary = (
        how.pop("title", page.title if page else "A new page"),
        how.pop("summary", "What it is for."),
    )
    given = {"based_on": page.revision_count if page is not None else 0, **how}
    wording = worded(source, title=title, summary=summary, facts=given.pop("facts", None))
    with transaction(by):
        return actions.suggest_change(actor=by, page=page, wording=wording, why=why, **given)


def accepted(suggestion: Suggestion, *, by: Any, source: str = "", **how: Any) -> Suggestion:
    wording = worded(
        source or suggestion.source, title=suggestion.title, summary=suggestion.summary, note="Because."
    )
    page = suggestion.page
    given = {"seen": page.revision_count if page is not None else 0, "is_amended": bool(source), **how}
    with transaction(by):
        return actions.accept(actor=by, suggestion=suggestion, wording=wording, **given)


def declined(suggestion: Suggestion, *, by: Any, word: str = "It is right as it is.") -> Suggestion:
    with transaction(by):
        return actions.decline(actor=by, suggestion=suggestion, word=word)
