"""Bulk acts: what would happen, the act, and what came of it."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult import clock
from consult.discussion.desk.acts import UNDO
from consult.errors import Invalid, NotFound
from consult.extensions import transaction
from consult.moderation import queries, sieve
from consult.moderation.actions import REMOVALS, Verb
from consult.moderation.routes import bp, said
from consult.moderation.several import actions, looking
from consult.moderation.several import queries as outcomes
from consult.moderation.several.forms import SeveralForm
from consult.moderation.several.models import Why
from consult.moderation.several.preview import LEFT_SHOWN, Preview
from consult.moderation.sieve import Sieve
from consult.moderation.undoing import acts
from consult.moderation.undoing.models import ModerationAct
from consult.permissions import May
from consult.web import access, limits
from consult.web.access import needs
from consult.web.fields import blame

VERBS = {verb.value: verb for verb in (Verb.PUBLISH, Verb.TAKE_DOWN, Verb.RETURN)}
MANY = 10_000  # beyond this a page says that there are more


@bp.get("/moderation/several")
@needs(May.DECIDE)
def several() -> Any:
    """Show what would happen to the ticked comments, or to all that the list shows."""
    who = access.actor()
    through = sieve.read(request.args, queries.organisations_of(who))
    if request.args.get("all"):
        keys, beyond = _all(through)
    else:
        ticked = list(dict.fromkeys(request.args.getlist("c")))
        keys, beyond = ticked[: actions.MOST], len(ticked[actions.MOST :])
    found = looking.looked_at(who, keys, now=clock.now())
    verb = _verb(request.args.get("do", Verb.PUBLISH.value))
    return _page(SeveralForm(formdata=None), verb, through, Preview(found, beyond))


def _all(through: Sieve) -> tuple[list[str], int]:
    """Return the first of all that a list shows, in its order, and how many more there are."""
    organisations = queries.organisations_of(access.actor())
    rows = queries.queue(organisations, now=clock.now(), sieve=through, limit=actions.MOST)
    if len(rows) < actions.MOST:
        return [row.key for row in rows], 0
    return [row.key for row in rows], queries.count(organisations, through, MANY + 1) - len(rows)


def _verb(name: str) -> Verb:
    if name not in VERBS:
        raise NotFound
    return VERBS[name]


def _page(form: SeveralForm, verb: Verb, through: Sieve, preview: Preview, status: int = 200) -> Any:
    form.offer(before_election=actions.is_before_election(actor=access.actor()))
    if not form.these.data:
        form.these.data = preview.these
    return (
        render_template(
            "moderation/several.html",
            form=form,
            verb=verb,
            Verb=Verb,
            needs_reason=verb in REMOVALS,
            preview=preview,
            asked=through.address(),
            most=actions.MOST,
            many=MANY,
            left_shown=LEFT_SHOWN,
        ),
        status,
    )


@bp.post("/moderation/several")
@limits.DESK
@needs(May.DECIDE)
def decide_several() -> Any:
    """Decide on what the preview showed, and lead to what came of it."""
    who, form = access.actor(), SeveralForm()
    through = sieve.read(request.args, queries.organisations_of(who))
    if "do" not in request.form:
        form.form_errors.append(_("Choose what to do with them"))
        return _again(form, Verb.PUBLISH, through)
    verb = _verb(request.form["do"])
    if not form.validate_on_submit():
        return _again(form, verb, through)
    order = actions.Order(verb, form.reason.data or "", form.message.data)
    try:
        with transaction(who):
            act, left = actions.begin(actor=who, order=order, wanted=form.wanted())
    except Invalid as error:
        blame(form, error)
        return _again(form, verb, through)
    key = act.key
    while left:
        with transaction(who):
            left = actions.decide_part(actor=who, act=acts.act_of(key, who), order=order, wanted=left)
    values: dict[str, Any] = {"key": key, **through.address()}
    return redirect(url_for("moderation.several_done", **values), 303)


def _again(form: SeveralForm, verb: Verb, through: Sieve) -> Any:
    """Show the preview again with what was typed: it stays bound to what it showed at first."""
    seen = {each.key: each.face for each in form.wanted()}
    found = looking.looked_at(access.actor(), list(seen), now=clock.now(), seen=seen)
    return _page(form, verb, through, Preview(found), 422)


@bp.get("/moderation/several/<string:key>")
@needs(May.DECIDE)
def several_done(key: str) -> Any:
    who, now = access.actor(), clock.now()
    act = acts.act_of(key, who)
    seconds = int((act.at + UNDO - now).total_seconds())
    may_undo = act.undone_at is None and act.item_count > 0 and seconds > 0
    through = sieve.read(request.args, queries.organisations_of(who))
    return render_template(
        "moderation/several_done.html",
        act=act,
        undoable=[(act, seconds)] if may_undo else [],
        left=outcomes.left_out(act),
        asked=through.address(),
        left_shown=LEFT_SHOWN,
    )


@bp.app_template_global()
def why_left(why: Why) -> str:
    """Say why a bulk act leaves comments as they are."""
    words = {
        Why.DECIDED: _("Somebody has decided on them already, or their authors took them back"),
        Why.CLAIMED: _("Another moderator has them open"),
        Why.CHANGED: _("They changed after you were shown what would happen"),
        Why.OWN: _("You wrote them"),
        Why.PART: _("You wrote the draft or answer for it; another moderator decides"),
        Why.COMPLAINED: _("A notice of complaint about them is open, and is settled by itself"),
        Why.PASSED_ON: _("Somebody may be in danger: they were passed on, and are decided on one by one"),
        Why.APPEALED: _("Their authors have appealed; a second moderator decides"),
        Why.CORRECTED: _("Their authors propose other words, which are read one by one"),
        Why.TOO_MANY: _("They are too many for one act"),
    }
    return str(words[why])


@bp.app_template_global()
def several_words(verb: Verb, count: int) -> str:
    """Say what a bulk act would do, as its page and its button say it."""
    if verb is Verb.PUBLISH:
        return str(ngettext("Publish %(num)s comment", "Publish %(num)s comments", count))
    if verb is Verb.TAKE_DOWN:
        return str(ngettext("Take down %(num)s comment", "Take down %(num)s comments", count))
    return str(ngettext("Return %(num)s comment", "Return %(num)s comments", count))


@bp.app_template_global()
def said_of_act(act: ModerationAct) -> str:
    """Say what an act did, to one comment or to many."""
    if act.item_count == 1:
        return said(act.verb)
    count = act.item_count
    words = {
        Verb.PUBLISH: ngettext("%(num)s published.", "%(num)s published.", count),
        Verb.KEEP: ngettext(
            "The earlier words of %(num)s stay.", "The earlier words of %(num)s stay.", count
        ),
        Verb.TAKE_DOWN: ngettext(
            "%(num)s taken down. The authors are told why.",
            "%(num)s taken down. The authors are told why.",
            count,
        ),
        Verb.RETURN: ngettext(
            "%(num)s returned to the authors with your message.",
            "%(num)s returned to the authors with your message.",
            count,
        ),
    }
    return str(words[Verb(act.verb)])
