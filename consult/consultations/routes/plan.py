"""The engagement plan: everybody reads it, the officials of the unit write it section by section."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult import clock
from consult.accounts import queries as accounts
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.consultations.plan import actions, checks, queries, words
from consult.consultations.plan.forms import PlanForm
from consult.consultations.plan.models import QUESTIONS, Question, Section
from consult.consultations.routes.blueprint import bp, ours, zone
from consult.consultations.stages import standing
from consult.errors import Closed, Conflict, NotFound
from consult.extensions import transaction
from consult.permissions import May, allows
from consult.toolkit.followed import queries as followed
from consult.web import access
from consult.web.access import needs
from consult.web.conditional import answer_alike
from consult.web.dates import in_words


@bp.get("/consultations/<string:slug>/plan")
@needs(May.READ)
def plan(slug: str) -> Response:
    about = consultations.readable_consultation(slug, actor=access.actor())
    is_ours = allows(May.RUN_CONSULTATION, access.actor(), about)
    if not is_ours and not queries.is_written(about.id):
        raise NotFound
    guidance, officials = followed.followed_by(about.id), consultations.officials_of(about.unit_id)
    stamps = (
        *(about.stamp, accounts.site().stamp, standing(about, clock.now()), about.unit.name),
        *(about.unit.promise_days, officials, guidance),
    )
    return answer_alike(stamps, lambda: _plan(about, is_ours, officials, guidance))


def _plan(about: Consultation, is_ours: bool, officials: Any, guidance: Any) -> str:
    given = queries.answers(about.id)
    planned = queries.planned(about, given, zone())
    found = [
        (each, words.sentence(each, about.unit.organisation.name, _said))
        for each in (checks.findings(planned) if is_ours else [])
    ]
    return render_template(
        "consultations/plan.html",
        about=about,
        is_ours=is_ours,
        is_open_to_change=about.stage not in actions.ENDED,
        given={question.value: row for question, row in given.items()},
        changes=queries.changes(about.id),
        sections=QUESTIONS,
        names=words,
        officials=officials,
        guidance=guidance,
        length=None if planned.days is None else words.length(planned.days),
        found=[(each, said) for each, said in found if not each.settled],
        settled=[(each, said) for each, said in found if each.settled],
        standing=standing(about, clock.now()),
    )


def _said(day: Any) -> str:
    return in_words(day, "d MMMM yyyy")


@bp.route("/consultations/<string:slug>/plan/<string:section>", methods=["GET", "POST"])
@needs(May.RUN_CONSULTATION)
def plan_section(slug: str, section: str) -> Any:
    """Answer the questions of one section; what is saved stays with the unit until the consultation is announced."""
    who, about = ours(slug)
    part = _section(section)
    if request.method == "GET" and about.stage in actions.ENDED:
        return redirect(_after(slug, part), 302)
    form = PlanForm()
    form.keep(part, queries.answers(about.id))
    theirs: dict[str, str] = {}
    closed = ""
    if form.validate_on_submit():
        try:
            with transaction(who):
                actions.answer_questions(actor=who, consultation=about, typed=form.typed())
            flash(_("Saved."))
            return redirect(_after(slug, part), 303)
        except Conflict as error:
            theirs = _take_over(form, error.theirs or {})
        except Closed as refusal:
            closed = refusal.message
    page = render_template(
        "consultations/plan_section.html",
        form=form,
        about=about,
        section=part,
        names=words,
        theirs=theirs,
        closed=closed,
        standing=standing(about, clock.now()),
    )
    return page, 409 if theirs or closed else 422 if form.errors else 200


def _section(name: str) -> Section:
    if name not in {section.value for section in Section}:
        raise NotFound
    return Section(name)


def _after(slug: str, part: Section) -> str:
    """Return the page of the plan, at that section."""
    return url_for("consultations.plan", slug=slug, _anchor=part.value)


def _take_over(form: PlanForm, stored: dict[Question, tuple[str, int]]) -> dict[str, str]:
    """Let the form begin from what is stored now, and return the stored words by the name of their field."""
    for question, (_words, edition) in stored.items():
        form.begin_from(question, edition)
    return {question.value: said for question, (said, _edition) in stored.items()}
