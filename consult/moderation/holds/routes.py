"""Officials and moderators say for what comments wait; officials and administrators keep the words of a unit."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.accounts import queries as accounts
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.errors import Conflict, Invalid
from consult.extensions import transaction
from consult.moderation.holds import actions, names, queries, wordlist
from consult.moderation.holds.deciding import RATE_MOST
from consult.moderation.holds.forms import HoldsForm, WordsForm
from consult.permissions import May, allows, require
from consult.web import access
from consult.web.access import needs
from consult.web.fields import blame

bp = Blueprint("holds", __name__)


@bp.route("/consultations/<string:slug>/holds", methods=["GET", "POST"])
@needs(May.SET_HOLDS)
def holds(slug: str) -> Any:
    who = access.actor()
    about = consultations.readable_consultation(slug, actor=who)
    require(May.SET_HOLDS, who, about)
    form = HoldsForm()
    if not form.is_submitted():
        form.fill(queries.holds_of(about.id))
    elif form.validate():
        try:
            with transaction(who):
                actions.set_holds(
                    actor=who, consultation=about, based_on=form.based_on(), values=form.values()
                )
            flash(_("Saved. It holds from the next comment on."))
            return redirect(url_for("consultations.overview", slug=about.slug), 303)
        except Invalid as refusal:
            blame(form, refusal)
        except Conflict as refusal:
            return _holds_page(about, HoldsForm(formdata=None).fill(queries.holds_of(about.id)), 409, refusal)
    return _holds_page(about, form, 422 if form.is_submitted() else 200)


def _holds_page(about: Consultation, form: HoldsForm, status: int, refusal: Conflict | None = None) -> Any:
    page = render_template(
        "holds/holds.html",
        form=form,
        about=about,
        messages=[refusal.message] if refusal else [],
        most=RATE_MOST,
        zone=str(current_app.config["CONSULT_ZONE"]).rsplit("/", 1)[-1].replace("_", " "),
    )
    return page, status


@bp.route("/units/<string:slug>/words", methods=["GET", "POST"])
@needs(May.LIST_WORDS)
def words(slug: str) -> Any:
    who, unit = access.actor(), accounts.unit(slug)
    require(May.LIST_WORDS, who, unit)
    form, status, messages, theirs = WordsForm(), 200, [], ""
    kept = queries.words_of(unit.id)
    if not form.is_submitted():
        form.words.data, form.edition.data = kept.words if kept else "", str(kept.edition if kept else 0)
    elif not form.validate():
        status = 422
    else:
        try:
            with transaction(who):
                actions.set_words(actor=who, unit=unit, based_on=form.based_on(), typed=form.words.data)
            flash(_("Saved. It holds from the next comment on."))
            return redirect(url_for("consultations.unit", slug=unit.slug), 303)
        except Invalid as refusal:
            blame(form, refusal)
            status = 422
        except Conflict as refusal:
            status, messages = 409, [refusal.message]
            kept = queries.words_of(unit.id)
            theirs, form.edition.data = kept.words if kept else "", str(kept.edition if kept else 0)
    page = render_template(
        "holds/words.html",
        form=form,
        unit=unit,
        messages=messages,
        theirs=theirs,
        most=wordlist.MOST_WORDS,
    )
    return page, status


@bp.app_template_global()
def may_set_holds(about: Any) -> bool:
    """Say whether the reader may say for what comments of a consultation wait."""
    return allows(May.SET_HOLDS, access.actor(), about)


@bp.app_template_global()
def may_list_words(unit: Any) -> bool:
    """Say whether the reader may keep the words of a unit."""
    return allows(May.LIST_WORDS, access.actor(), unit)


@bp.app_template_global()
def held_sentences(about: Consultation) -> list[str]:
    """Return, for everybody, for what comments of a consultation wait."""
    return names.public_sentences(queries.holds_of(about.id), str(current_app.config["CONSULT_ZONE"]))


bp.app_template_global("why_it_waits")(names.told)
bp.app_template_global("hold_names")(names.names_in)
bp.app_template_global("hold_called")(names.CALLED.__getitem__)
bp.app_template_global("spam_words")(names.spam_words)
bp.app_template_global("passage_called")(names.KINDS.__getitem__)
