"""Officials say what became of paragraphs of whom the matching is not sure, before a version is published.

What they said is kept as rows, the latest counts; it holds for the next version alone, and as long as the blocks that
they saw are in the text.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from consult import audit, clock
from consult.documents import actions, queries
from consult.documents.actions import Prepared
from consult.documents.matching import fingerprints
from consult.documents.models import REOPENED, Confirmation, Document
from consult.errors import Conflict, Invalid
from consult.extensions import db
from consult.permissions import May, require


def confirm_matches(
    *,
    actor: Any,
    document: Document,
    said: Mapping[str, Sequence[str]],
    seen: int,
    prepared: Prepared | None = None,
) -> int:
    """Keep what became of paragraphs: by key, the fingerprints of the blocks they live on in; none: removed.

    `seen` is the number of the version that was current when it was said; Conflict when another was published since.
    `prepared` is the latest draft made into blocks beforehand. Invalid for a key that the current page has not, and
    for a block that is not in the draft. Returns how many were said anew.
    """
    paragraphs = _open(actor, document, seen)
    known = set(_names(document, prepared))
    for key, names in said.items():
        if key not in paragraphs:
            raise Invalid(_("That paragraph is not on the current page."), field="matches")
        if not known.issuperset(names):
            raise Invalid(
                _("The draft has changed: words that you chose are not in it any more. Choose again."),
                field="matches",
            )
    return _keep(
        actor, document, {paragraphs[key]: "\n".join(dict.fromkeys(names)) for key, names in said.items()}
    )


def reopen_match(*, actor: Any, document: Document, key: str, seen: int) -> None:
    """Take back what was said of a paragraph: the matching speaks again. Raises as `confirm_matches` does."""
    paragraphs = _open(actor, document, seen)
    if key not in paragraphs:
        raise Invalid(_("That paragraph is not on the current page."), field="matches")
    if paragraphs[key] in queries.confirmations(document):
        _keep(actor, document, {paragraphs[key]: REOPENED})


def _open(actor: Any, document: Document, seen: int) -> dict[str, int]:
    """Hold the document; return the paragraphs of its current page by key."""
    require(May.RUN_CONSULTATION, actor, document)
    actions.lock(document)
    if seen != document.version_count:
        raise Conflict(_("Another version was published after you opened this page. Look at it first."))
    return {was.key: was.paragraph_id for was in queries.current_page(document)}


def _names(document: Document, prepared: Prepared | None) -> list[str]:
    draft = queries.latest_draft(document)
    source = draft.source if draft else ""
    if prepared is None or prepared.source != source:
        prepared = actions.prepare(document, source)
    return fingerprints(prepared.text.blocks)


def _keep(actor: Any, document: Document, said: Mapping[int, str]) -> int:
    before = queries.confirmations(document)
    news = {
        where: targets
        for where, targets in said.items()
        if where not in before or before[where].targets != targets
    }
    db.session.add_all(
        Confirmation(
            document_id=document.id,
            version_number=document.version_count,
            paragraph_id=where,
            targets=targets,
            confirmed_by=actor.id,
            confirmed_at=clock.now(),
        )
        for where, targets in news.items()
    )
    db.session.flush()
    for where, targets in news.items():
        _record(actor, document, where, targets)
    return len(news)


def _record(actor: Any, document: Document, where: int, targets: str) -> None:
    became = {"": "removed", REOPENED: "reopened"}.get(targets, f"in {len(targets.split())} places")
    audit.record(
        "paragraph.confirm",
        f"paragraph:{where}",
        actor_id=actor.id,
        organisation_id=document.consultation.organisation_id,
        before=str(document.version_count),
        after=became,
    )
