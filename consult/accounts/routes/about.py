"""How the site is run: the rules, privacy, the accessibility statement and its contact form."""

from datetime import date

from flask import Response, redirect, render_template, url_for

from consult.accounts import queries
from consult.accounts.actions import setting_up as actions
from consult.accounts.forms.setting_up import BarrierForm
from consult.accounts.routes.blueprint import bp as bp
from consult.accounts.routes.joining import Answer
from consult.extensions import limiter, transaction
from consult.permissions import May
from consult.reasons import REASONS
from consult.web.access import actor, needs
from consult.web.conditional import answer_alike


@bp.get("/about")
@needs(May.READ)
def about() -> Response:
    def page() -> str:
        return render_template("accounts/about.html", reasons=REASONS, moderators=queries.moderators())

    return answer_alike((queries.site().stamp,), page)


@bp.get("/privacy")
@needs(May.READ)
def privacy() -> Response:
    return answer_alike((queries.site().stamp,), lambda: render_template("accounts/privacy.html"))


@bp.get("/accessibility")
@needs(May.READ)
def accessibility() -> Response:
    site = queries.site()
    problems = [line.strip() for line in site.accessibility_known_problems.splitlines() if line.strip()]
    day = site.accessibility_prepared_on
    given = {"problems": problems, "prepared_on": date.fromisoformat(day) if day else None}
    return answer_alike((site.stamp,), lambda: render_template("accounts/accessibility.html", **given))


@bp.route("/accessibility/contact", methods=["GET", "POST"])
@needs(May.READ)
@limiter.limit("10 per 10 minutes", methods=["POST"])
def report_barrier() -> Answer:
    """Take what somebody writes about a page they cannot use; apart from the statement, which sets no cookie."""
    who = actor()
    form = BarrierForm(name=who.name, email=who.email)
    if not form.validate_on_submit():
        return render_template("accounts/report_barrier.html", form=form), 422 if form.is_submitted() else 200
    typed = {name: form[name].data for name in ("name", "email", "message", "once")}
    with transaction(who):
        actions.report_barrier(actor=who, **typed)
    return redirect(url_for("accounts.barrier_reported"), 303)  # type: ignore[return-value]


@bp.get("/accessibility/thanks")
@needs(May.READ)
def barrier_reported() -> Response:
    return answer_alike((queries.site().stamp,), lambda: render_template("accounts/barrier_reported.html"))
