"""Accepting a suggestion in other words: the editor changes the text first. Both stay on record."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.consultations.slugs import slug_from
from consult.errors import Conflict, Invalid
from consult.extensions import transaction
from consult.permissions import May
from consult.toolkit import names, rendering
from consult.toolkit.actions import Wording
from consult.toolkit.entries.forms import with_facts
from consult.toolkit.entries.showing import facts_shown
from consult.toolkit.rendering import Rendered
from consult.toolkit.routes.blueprint import bp, today
from consult.toolkit.suggestions import actions, queries
from consult.toolkit.suggestions.forms import AmendForm, number_in
from consult.toolkit.suggestions.joining import joined
from consult.toolkit.suggestions.models import Suggestion
from consult.toolkit.suggestions.queries import Words
from consult.toolkit.suggestions.routes.comparing import compared
from consult.toolkit.suggestions.routes.settling import SAYS_SO_ALREADY, SOMEBODY_ELSE
from consult.toolkit.talk import ahead
from consult.toolkit.unsaved import actions as unsaved
from consult.toolkit.unsaved.models import Use
from consult.toolkit.unsaved.queries import Place
from consult.toolkit.unsaved.routes import goes_on, kept_or_forgotten
from consult.web import access
from consult.web.access import needs
from consult.web.fields import blame
from consult.web.private import kept_nowhere


@bp.route("/toolkit/suggestions/<string:key>/amend", methods=["GET", "POST"])
@needs(May.EDIT_TOOLKIT)
def amend(key: str) -> Any:
    """Change the words of a suggestion, see what they would be, and let the page say them.

    What was typed over one that somebody else has settled is not lost: its writer can copy it from the form.
    """
    found = queries.suggestion_for(access.actor(), key)
    form = with_facts(AmendForm, queries.kind_of(found))()
    form.today = today()
    place = Place(Use.AMEND, suggestion_id=found.id)
    if request.method == "GET":
        kept = goes_on(form, place)
        if queries.is_settled(found):
            if kept is None:
                return redirect(url_for("toolkit.suggestion", key=key), 303)
            return _form(form, found, kept=kept, message=actions.who_was_first(found.state))
        if kept is None:
            _begin(form, found)
        return _form(form, found, kept=kept)
    is_sound = form.validate_on_submit()
    try:
        if answer := kept_or_forgotten(form, place, request.path):
            return answer
        if queries.is_settled(found):
            return _clash(form, found, actions.who_was_first(found.state))
        text = rendering.rendered(form.source.data) if not form.source.errors else None
        if request.form.get("do") == "preview" or text is None or not is_sound:
            shown = text if request.form.get("do") == "preview" else None
            return _form(form, found, 200 if is_sound else 422, preview=shown)
        return _accept(form, found, text, place)
    except Invalid as refusal:
        blame(form, refusal)
        return _form(form, queries.suggestion_for(access.actor(), key), 422)


def _begin(form: AmendForm, found: Suggestion) -> None:
    stands = queries.standing(found)
    suggested = queries.words_of(found, stands.then)
    words = joined(stands, suggested) or suggested
    form.fill_facts(words.facts)
    form.title.data, form.summary.data, form.source.data = words.title, words.summary, words.source
    form.note.data = actions.note_from(found.why)
    form.seen.data = str(stands.number)


def _form(
    form: AmendForm,
    found: Suggestion,
    status: int = 200,
    *,
    preview: Rendered | None = None,
    kept: Any = None,
    message: Any = "",
) -> Any:
    stands, typed, kind = queries.standing(found), _typed(form), queries.kind_of(found)
    html = render_template(
        "toolkit/amend.html",
        form=form,
        suggestion=found,
        is_settled=queries.is_settled(found),
        kept=kept,
        message=message,
        is_typed=form.is_submitted(),
        preview=rendering.shown(preview.html) if preview else None,
        compared=compared(stands.now, typed, kind) if preview else None,
        facts_shown=facts_shown(kind, typed.facts, today()) if preview else [],
        since=compared(stands.then, stands.now, kind) if stands.has_moved else None,
        slug=names.name_of(found.title) if found.page is None else found.page.slug,
    )
    return kept_nowhere(html, status)


def _typed(form: AmendForm) -> Words:
    return Words(form.title.data or "", form.summary.data or "", form.source.data or "", form.facts)


def _accept(form: AmendForm, found: Suggestion, text: Rendered, place: Place) -> Any:
    who, stands = access.actor(), queries.standing(found)
    typed = Words(form.title.data, form.summary.data, text.source, form.facts)
    suggested = queries.words_of(found, stands.then)
    is_amended = typed not in (suggested, joined(stands, suggested))
    text = ahead.with_blocks(text, found.page)
    try:
        with transaction(who):
            actions.accept(
                actor=who,
                suggestion=found,
                wording=Wording(typed.title, typed.summary, text, form.note.data, typed.facts),
                seen=number_in(form.seen),
                word=form.word.data,
                is_amended=is_amended,
                slug=form.slug.data or slug_from(typed.title),
            )
            unsaved.let_go(actor=who, place=place)
    except Conflict as clash:
        return _clash(form, queries.suggestion_for(who, found.key), clash.message or SOMEBODY_ELSE)
    said = _("Saved. Readers see your wording from now on, and whoever suggested the change is told.")
    flash(said if found.revision_id else str(SAYS_SO_ALREADY))
    return redirect(url_for("toolkit.suggestion", key=found.key), 303)


def _clash(form: AmendForm, found: Suggestion, message: Any) -> Any:
    """Say who was first. Where only the page moved on, the words stay in the form and can be saved over it."""
    if not queries.is_settled(found):
        form.seen.data = str(queries.standing(found).number)
        form.seen.raw_data = None
    return _form(form, found, 409, message=message)
