"""The equality form and its totals. Nothing here asks who is there, save whether a draft in preparation may be known.

The only cookie is the one that the token against cross-site calls needs, and the page is kept by no browser.
"""

from typing import Any

from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult import clock
from consult.accounts import queries as accounts
from consult.consultations import queries, tallying
from consult.consultations.equality import (
    QUESTIONS,
    Shown,
    Totals,
    needed,
    takes_answers,
    totals,
    totals_are_out,
)
from consult.consultations.forms import EqualityForm, blame
from consult.consultations.models import Consultation
from consult.consultations.once_keys import OnceKey, new_once_key, read_once_key
from consult.consultations.routes.blueprint import bp
from consult.consultations.stages import Standing, standing
from consult.errors import Closed, Conflict
from consult.extensions import settings, transaction
from consult.permissions import May
from consult.web import access, limits
from consult.web.access import needs
from consult.web.conditional import answer_alike


@bp.route("/consultations/<string:slug>/equality", methods=["GET", "POST"])
@needs(May.READ)
@limits.EQUALITY
def equality(slug: str) -> Any:
    about = queries.offering_equality_form(slug, actor=access.actor())
    if not takes_answers(about, clock.now()):
        return _not_now(about)
    form = EqualityForm()
    if form.validate_on_submit():
        key = _key(form, about)
        if key is not None:
            _count(about, form, key)
            return redirect(url_for("consultations.equality_thanks", slug=slug), 303)
        blame(form, "", _("This page was open for more than a day. Look it over and send it again."))
    return _form(about, form)


def _key(form: EqualityForm, about: Consultation) -> OnceKey | None:
    return read_once_key(form.once.data, settings().secret_key, about.slug, clock.now())


def _count(about: Consultation, form: EqualityForm, key: OnceKey) -> None:
    try:
        with transaction():  # in nobody's name
            tallying.count_form(consultation=about, answers=form.answers(), digest=key.digest, day=key.day)
    except Conflict:
        pass  # sent twice: it has been counted


def _form(about: Consultation, form: EqualityForm) -> Response:
    if form.errors or not form.is_submitted():
        form.once.data = new_once_key(settings().secret_key, about.slug, clock.now())
    page = make_response(
        render_template("consultations/equality.html", about=about, form=form, questions=QUESTIONS),
        422 if form.errors else 200,
    )
    page.headers["Cache-Control"] = "no-store"  # on a shared computer, nobody goes back to it
    return page


def _not_now(about: Consultation) -> Response:
    """Say why there is no form: not open yet, closed, withdrawn. A form that comes late is refused."""
    if request.method == "POST":
        raise Closed(_("This form is not taken any more."))
    return _alike(about, "consultations/equality.html", form=None)


@bp.get("/consultations/<string:slug>/equality/thanks")
@needs(May.READ)
def equality_thanks(slug: str) -> Response:
    about = queries.offering_equality_form(slug, actor=access.actor())
    return _alike(about, "consultations/equality_thanks.html")


@bp.get("/consultations/<string:slug>/equality/totals")
@needs(May.READ)
def equality_totals(slug: str) -> Response:
    about = queries.offering_equality_form(slug, actor=access.actor())
    return _alike(about, "consultations/equality_totals.html", published=_published(about), needed=needed)


@bp.get("/consultations/<string:slug>/equality/totals.json")
@needs(May.READ)
def equality_totals_json(slug: str) -> Response:
    about = queries.offering_equality_form(slug, actor=access.actor())
    published = _published(about)
    return jsonify(
        consultation=about.slug,
        is_published=published is not None,
        published_after=about.closes_at.isoformat() if about.closes_at else None,
        questions=[_as_json(question) for question in published or ()],
    )


def _published(about: Consultation) -> list[Totals] | None:
    """Return the totals as everybody may see them; None before they are out, for officials too."""
    if not totals_are_out(about, clock.now()):
        return None
    return totals(queries.equality_tallies(about.id))


def _as_json(question: Totals) -> dict[str, Any]:
    return {
        "code": question.question.code,
        "question": str(question.question.words),
        "total": question.total or None,
        "answers": [
            {"code": answer.code, "answer": str(answer.label), **_number(shown)}
            for answer, shown in question.rows()
        ],
    }


def _number(shown: Shown) -> dict[str, int]:
    """Return a count where it is published, and otherwise the two numbers it lies between."""
    if shown.is_exact:
        return {"count": shown.at_least}
    return {"at_least": shown.at_least, "at_most": shown.at_most}


def _alike(about: Consultation, template: str, **values: Any) -> Response:
    now = clock.now()
    where, is_out = standing(about, now), totals_are_out(about, now)
    return answer_alike(
        (about.stamp, accounts.site().stamp, where, is_out),
        lambda: render_template(template, about=about, standing=where, is_out=is_out, S=Standing, **values),
    )
