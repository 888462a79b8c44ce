"""Officials look at what a version would change, say why, and publish it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from consult.documents import actions, preview, queries
from consult.documents.forms import FirstPublishForm, PublishForm
from consult.documents.models import Document, Draft
from consult.documents.placing import Slot
from consult.documents.routes.blueprint import bp
from consult.documents.routes.editing import ours
from consult.documents.routes.reading import page_of
from consult.errors import Conflict, Invalid
from consult.extensions import transaction
from consult.permissions import May
from consult.text.block import Block
from consult.text.diff import diff_html
from consult.web import access
from consult.web.access import needs
from consult.web.fields import blame


@dataclass(frozen=True)
class Loss:
    """A paragraph that the new text leaves out, its last words, and how many comments stand on it."""

    slot: Slot
    comment_count: int


@bp.route("/consultations/<string:slug>/<string:document>/publish", methods=["GET", "POST"])
@needs(May.RUN_CONSULTATION)
def publish(slug: str, document: str) -> Any:
    found = ours(slug, document)
    draft = queries.latest_draft(found)
    if draft is None or not draft.source.strip():
        flash(_("There is no draft to publish yet. Write one first."), "wait")
        return redirect(url_for(".draft", slug=slug, document=document), 303)
    form = PublishForm() if found.version_count else FirstPublishForm()
    if form.validate_on_submit():
        return _publish(found, draft, form)
    if not form.is_submitted():
        form.draft.data, form.seen.data = str(draft.number), str(found.version_count)
    return _page(found, draft, form, 422 if form.errors else 200)


def _publish(document: Document, draft: Draft, form: PublishForm) -> Any:
    who = access.actor()
    try:
        if int(form.draft.data) != draft.number:
            raise Conflict(_("Somebody saved the draft after you opened this page. Look at it again."))
        prepared = actions.prepare(document, draft.source)
        with transaction(who):
            version = actions.publish_version(
                actor=who,
                document=document,
                source=draft.source,
                note=form.note.data or "",
                prepared=prepared,
                seen=int(form.seen.data),
            )
    except Invalid as error:
        blame(form, error)
        return _page(document, draft, form, 422)
    except Conflict as error:
        form.draft.data, form.seen.data = str(draft.number), str(document.version_count)
        return _page(
            document, draft, form, 409, problem=error.message or _("Somebody else published just now.")
        )
    flash(_("Version %(number)s is published.", number=version.number))
    return redirect(url_for(".show", slug=document.consultation.slug, document=document.slug), 303)


@dataclass(frozen=True)
class Rewording:
    """A paragraph that keeps its number and its talk under other words: what was, what is, shown as one text."""

    number: str
    key: str
    difference: Markup
    comment_count: int


def _rewordings(slots: Sequence[Slot], blocks: Sequence[Block], talk: Mapping[str, int]) -> list[Rewording]:
    """Return what was reworded, that with comments first: an official should see under which words they will stand."""
    found = [
        Rewording(
            slot.number,
            slot.old.key,
            diff_html(slot.old.text, blocks[slot.new].text, deleted=_("Taken out:"), inserted=_("Put in:")),
            talk.get(slot.number, 0),
        )
        for slot in slots
        if slot.relation == "edited" and slot.old is not None and slot.new is not None
    ]
    return sorted(found, key=lambda each: each.comment_count == 0)


def _page(document: Document, draft: Draft, form: PublishForm, status: int, problem: str = "") -> Any:
    tally: preview.Tally | None = None
    talk = queries.talk_of(document.id)
    rewordings: list[Rewording] = []
    try:
        prepared = actions.prepare(document, draft.source)
        slots = actions.plan_of(document, prepared).slots
        tally = preview.tally(slots)
        rewordings = _rewordings(slots, prepared.text.blocks, talk)
    except Invalid as error:
        problem = error.message
    losses = [Loss(slot, talk.get(slot.number, 0)) for slot in tally.removed] if tally else []
    page = render_template(
        "documents/publish.html",
        document=document,
        draft=draft,
        saved_by=queries.publisher(draft.saved_by),
        form=form,
        page=page_of(document, document.version_count),
        tally=tally,
        rewordings=rewordings,
        with_talk=[loss for loss in losses if loss.comment_count],
        silent=[loss for loss in losses if not loss.comment_count],
        problem=problem,
        versions=queries.versions(document.id),
    )
    return page, status
