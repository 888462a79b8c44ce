"""Officials look at what a version would change, say what became of doubtful paragraphs, and publish it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from consult.documents import actions, confirming, queries, reviewing
from consult.documents.forms import FirstPublishForm, PublishForm, answers_in
from consult.documents.models import Document, Draft
from consult.documents.reviewing import ELSEWHERE, Labels
from consult.documents.routes.blueprint import bp
from consult.documents.routes.editing import LONGEST_DIFF, ours
from consult.documents.routes.overview import called, review_of, short_name
from consult.documents.routes.reading import page_of
from consult.errors import Conflict, Invalid, NotFound
from consult.extensions import transaction
from consult.permissions import May
from consult.text.bounds import NOTE_LENGTH
from consult.text.diff import diff_html
from consult.web import access
from consult.web.access import needs
from consult.web.fields import blame


@dataclass(frozen=True)
class Meanwhile:
    """What somebody else did after the page was opened: a version published, or the draft saved."""

    version: Any = None
    seen: int = 0
    draft: Draft | None = None
    name: str = ""
    difference: Markup | None = None


@dataclass
class Trouble:
    """What stands in the way of what was asked for."""

    messages: list[str] = field(default_factory=list)
    unanswered: str = ""  # why the doubtful matches stop it
    meanwhile: Meanwhile | None = None


@bp.route("/consultations/<string:slug>/<string:document>/publish", methods=["GET", "POST"])
@needs(May.RUN_CONSULTATION)
def publish(slug: str, document: str) -> Any:
    found = ours(slug, document)
    draft = queries.latest_draft(found)
    if draft is None or not draft.source.strip():
        flash(_("There is no draft to publish yet. Write one first."), "wait")
        return redirect(url_for(".draft", slug=slug, document=document), 303)
    form = PublishForm() if found.version_count else FirstPublishForm()
    if not form.is_submitted():
        form.draft.data, form.seen.data = str(draft.number), str(found.version_count)
        form.note.data = session.get(_kept_as(found), "")
        return _page(found, draft, form)
    is_valid = form.validate()
    try:
        if request.form.get("undo"):
            return _reopen(found, form, request.form["undo"])
        said, elsewhere = answers_in(request.form)
        saved = _confirm(found, draft, form, said)
        if "confirm" in request.form.getlist("do") or elsewhere:
            return _confirmed(found, draft, form, saved, elsewhere)
        return _publish(found, draft, form) if is_valid else _page(found, draft, form, 422)
    except Invalid as error:
        if error.field != "matches":
            blame(form, error)
            return _page(found, draft, form, 422)
        return _page(found, draft, form, 422, Trouble(unanswered=error.message))
    except Conflict as error:
        return _conflict_page(found, draft, form, error)


def _confirm(document: Document, draft: Draft, form: PublishForm, said: Mapping[str, Sequence[str]]) -> int:
    if not said:
        return 0
    prepared = actions.prepare(document, draft.source)
    who = access.actor()
    with transaction(who):
        return confirming.confirm_matches(
            actor=who, document=document, said=said, seen=int(form.seen.data), prepared=prepared
        )


def _confirmed(document: Document, draft: Draft, form: PublishForm, saved: int, elsewhere: str) -> Any:
    """Go on to the matches that are left, or to choosing a paragraph; the note that was typed is kept."""
    form.note.errors = () if not form.note.data else form.note.errors
    if form.note.errors:
        return _page(document, draft, form, 422)
    session[_kept_as(document)] = form.note.data
    if saved:
        flash(ngettext("%(num)s match is confirmed.", "%(num)s matches are confirmed.", saved))
    slug, name = document.consultation.slug, document.slug
    if elsewhere:
        return redirect(url_for(".choose", slug=slug, document=name, key=elsewhere), 303)
    if not saved and _has_doubts(document, draft):
        return _page(
            document, draft, form, 422, Trouble(unanswered=_("Say of a paragraph what became of it."))
        )
    return redirect(url_for(".publish", slug=slug, document=name, _anchor="match"), 303)


def _reopen(document: Document, form: PublishForm, key: str) -> Any:
    who = access.actor()
    with transaction(who):
        confirming.reopen_match(actor=who, document=document, key=key, seen=int(form.seen.data))
    session[_kept_as(document)] = (form.note.data or "")[:NOTE_LENGTH]
    flash(_("That is taken back."))
    return redirect(
        url_for(".publish", slug=document.consultation.slug, document=document.slug, _anchor="match"), 303
    )


def _publish(document: Document, draft: Draft, form: PublishForm) -> Any:
    who = access.actor()
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
    session.pop(_kept_as(document), None)
    flash(_("Version %(number)s is published.", number=version.number))
    return redirect(url_for(".show", slug=document.consultation.slug, document=document.slug), 303)


def _kept_as(document: Document) -> str:
    """Return where a note is kept that was typed before it could be published."""
    return f"note-{document.id}"


def _conflict_page(document: Document, draft: Draft, form: PublishForm, error: Conflict) -> Any:
    """Show both: what somebody did meanwhile, and the draft, now compared with that; all that was typed stays."""
    meanwhile = _meanwhile(document, draft, int(form.seen.data), int(form.draft.data))
    form.draft.data, form.seen.data = str(draft.number), str(document.version_count)
    message = error.message or _("Somebody else published just now.")
    return _page(document, draft, form, 409, Trouble([message], meanwhile=meanwhile))


def _meanwhile(document: Document, draft: Draft, seen: int, looked_at: int) -> Meanwhile:
    if seen != document.version_count:
        latest = queries.version(document, document.version_count)
        return Meanwhile(
            version=latest,
            seen=seen,
            name=queries.publisher(latest.published_by),
            difference=_difference(latest.source, draft.source, Labels(_("theirs:"), _("yours:"))),
        )
    try:
        before = queries.draft(document, looked_at)
    except NotFound:
        return Meanwhile(draft=draft, name=queries.publisher(draft.saved_by))
    return Meanwhile(
        draft=draft,
        name=queries.publisher(draft.saved_by),
        difference=_difference(before.source, draft.source, Labels(_("before:"), _("now:"))),
    )


def _difference(one: str, other: str, said: Labels) -> Markup | None:
    if len(one) + len(other) > LONGEST_DIFF:
        return None
    return diff_html(one, other, deleted=said.deleted, inserted=said.inserted)


def _has_doubts(document: Document, draft: Draft) -> bool:
    return bool(actions.plan_of(document, actions.prepare(document, draft.source)).doubts)


def _page(
    document: Document, draft: Draft, form: PublishForm, status: int = 200, trouble: Trouble | None = None
) -> Any:
    trouble = trouble or Trouble()
    review = None
    try:
        asked = request.args.get("page", "1")
        review = review_of(
            document,
            actions.prepare(document, draft.source),
            page=int(asked[:6]) if asked.isdecimal() else 1,
            reader_id=access.actor().id,
        )
    except Invalid as error:
        trouble.messages.append(error.message)
    page = render_template(
        "documents/publish.html",
        document=document,
        draft=draft,
        saved_by=queries.publisher(draft.saved_by),
        form=form,
        page=page_of(document, document.version_count),
        review=review,
        trouble=trouble,
        chosen=request.form,
        elsewhere=ELSEWHERE,
        removed=reviewing.REMOVED,
        called=called,
        short_name=short_name,
        versions=queries.versions(document.id, for_team=True),
    )
    return page, status
