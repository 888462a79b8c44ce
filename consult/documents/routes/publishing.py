"""Officials look at what a version would change, say why, and publish it."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

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


def _page(document: Document, draft: Draft, form: PublishForm, status: int, problem: str = "") -> Any:
    tally: preview.Tally | None = None
    try:
        tally = preview.tally(actions.plan_of(document, actions.prepare(document, draft.source)))
    except Invalid as error:
        problem = error.message
    talk = queries.talk_of(document.id)
    losses = [Loss(slot, talk.get(slot.number, 0)) for slot in tally.removed] if tally else []
    page = render_template(
        "documents/publish.html",
        document=document,
        draft=draft,
        saved_by=queries.publisher(draft.saved_by),
        form=form,
        page=page_of(document, document.version_count),
        tally=tally,
        with_talk=[loss for loss in losses if loss.comment_count],
        silent=[loss for loss in losses if not loss.comment_count],
        problem=problem,
        versions=queries.versions(document.id),
    )
    return page, status
