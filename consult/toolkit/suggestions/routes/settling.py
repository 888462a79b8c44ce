"""Suggestions one by one: read by their author and by editors, settled by an editor, taken back by their author."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.consultations.slugs import slug_from
from consult.errors import Conflict, Invalid
from consult.extensions import transaction
from consult.permissions import May, allows
from consult.toolkit import names, rendering
from consult.toolkit.actions import Wording
from consult.toolkit.numbers import whole
from consult.toolkit.routes.blueprint import bp
from consult.toolkit.suggestions import actions, queries
from consult.toolkit.suggestions.forms import DecisionForm, number_in
from consult.toolkit.suggestions.joining import joined
from consult.toolkit.suggestions.models import State, Suggestion
from consult.toolkit.suggestions.routes.comparing import compared
from consult.toolkit.talk import ahead
from consult.web import access, limits
from consult.web.access import needs
from consult.web.fields import blame
from consult.web.private import kept_nowhere

SOMEBODY_ELSE = _l("Somebody else was first. See below how things stand now.")
SAYS_SO_ALREADY = _l("Accepted. The page says so already, so nothing was changed; its author is told.")


@bp.get("/toolkit/suggestions")
@needs(May.EDIT_TOOLKIT)
def suggestions() -> Any:
    """What waits for an editor, oldest first; or with `show=settled` what came of the rest."""
    is_settled = request.args.get("show") == "settled"
    place = whole(request.args.get("after"))
    rows = queries.settled_list(place) if is_settled else queries.waiting_list(place)
    shown = rows[: queries.PAGE]
    html = render_template(
        "toolkit/suggestions.html",
        rows=shown,
        further=shown[-1].id if len(rows) > len(shown) else None,
        place=place,
        is_settled=is_settled,
        waiting=queries.waiting(),
        many=queries.MANY,
    )
    return kept_nowhere(html)


@bp.get("/toolkit/suggestions/<string:key>")
@needs(May.SUGGEST)
def suggestion(key: str) -> Any:
    """One suggestion, for its author and for editors: nobody else learns that it is there."""
    return _page(queries.suggestion_for(access.actor(), key), DecisionForm(formdata=None))


def _page(found: Suggestion, form: DecisionForm, status: int = 200, message: Any = "") -> Any:
    """Answer with a suggestion: against what it was written on, and where the page moved on against what stands now."""
    who = access.actor()
    may_settle = allows(May.EDIT_TOOLKIT, who)
    stands, kind = queries.standing(found), queries.kind_of(found)
    stands = stands if may_settle else stands.to_readers()
    suggested = queries.words_of(found, stands.then)
    together = joined(stands, suggested)
    waits = not queries.is_settled(found)
    has_moved = waits and stands.has_moved
    is_amended = found.state is State.AMENDED and queries.has_words(found)
    is_amended = is_amended and (may_settle or not queries.is_withheld(found))
    form.seen.data = str(stands.number)
    html = render_template(
        "toolkit/suggestion.html",
        form=form,
        suggestion=found,
        message=message,
        changed=compared(stands.then, suggested, kind) if queries.has_words(found) else None,
        amended=compared(suggested, queries.published(found), kind) if is_amended else None,
        has_moved=has_moved,
        since=compared(stands.then, stands.now, kind) if has_moved else None,
        against_now=compared(stands.now, together or suggested, kind) if has_moved else None,
        can_join=together is not None,
        standing_number=stands.number,
        slug=names.name_of(found.title) if found.page is None else found.page.slug,
        others=queries.waiting_on(found.page_id, found.id) if waits and found.page_id else [],
        is_author=found.author_id == who.id,
        may_settle=may_settle,
        is_withheld=stands.is_withheld and not may_settle,
    )
    return kept_nowhere(html, status)


@bp.post("/toolkit/suggestions/<string:key>/settle")
@needs(May.EDIT_TOOLKIT)
def settle(key: str) -> Any:
    """Accept a suggestion as it is, or decline it with a word."""
    who, form = access.actor(), DecisionForm()
    found = queries.suggestion_for(who, key)
    if queries.is_settled(found):
        return _page(found, form, 409, message=actions.who_was_first(found.state))
    if not form.validate_on_submit():
        return _page(found, form, 422)
    try:
        if request.form.get("do") == "decline":
            with transaction(who):
                actions.decline(actor=who, suggestion=found, word=form.word.data)
            flash(_("Declined. Its author is told, with your word."))
        elif request.form.get("do") == "accept":
            _accept(who, found, form)
            said = _("Accepted. Readers see it from now on, and its author is told.")
            flash(said if found.revision_id else str(SAYS_SO_ALREADY))
    except Conflict as clash:
        return _page(queries.suggestion_for(who, key), form, 409, message=clash.message or SOMEBODY_ELSE)
    except Invalid as refusal:
        blame(form, refusal)
        return _page(queries.suggestion_for(who, key), form, 422)
    return redirect(url_for("toolkit.suggestion", key=key), 303)


def _accept(who: Any, found: Suggestion, form: DecisionForm) -> None:
    stands = queries.standing(found)
    words = joined(stands, queries.words_of(found, stands.then))
    if words is None:
        raise Invalid(
            _("The page has changed in the same places since. Change the text, then accept it."), field="word"
        )
    text = ahead.with_blocks(rendering.rendered(words.source), found.page)
    with transaction(who):
        actions.accept(
            actor=who,
            suggestion=found,
            wording=Wording(words.title, words.summary, text, actions.note_from(found.why), words.facts),
            seen=number_in(form.seen),
            word=form.word.data,
            slug=form.slug.data or slug_from(words.title),
        )


@bp.post("/toolkit/suggestions/<string:key>/reopen")
@needs(May.EDIT_TOOLKIT)
def reopen(key: str) -> Any:
    """Let a suggestion that was declined wait again."""
    who = access.actor()
    found = queries.suggestion_for(who, key)
    with transaction(who):
        actions.reopen(actor=who, suggestion=found)
    flash(_("Opened again. It waits for an editor."))
    return redirect(url_for("toolkit.suggestion", key=key), 303)


@bp.post("/toolkit/suggestions/<string:key>/withdraw")
@needs(May.SUGGEST)
@limits.SUGGEST
def withdraw_suggestion(key: str) -> Any:
    """Take one's own suggestion back."""
    who = access.actor()
    found = queries.suggestion_for(who, key)
    with transaction(who):
        actions.withdraw(actor=who, suggestion=found)
    flash(_("Taken back. No editor looks at it any more."))
    return redirect(url_for("toolkit.suggestion", key=key), 303)
