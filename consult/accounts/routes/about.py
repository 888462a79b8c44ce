"""How the site is run: the rules, privacy, the accessibility statement and its contact form."""

from datetime import date

from flask import Response, current_app, redirect, render_template, url_for

from consult.accounts import queries, retention
from consult.accounts import terms as contribution
from consult.accounts.actions import setting_up as actions
from consult.accounts.forms.setting_up import BarrierForm
from consult.accounts.routes.blueprint import bp as bp
from consult.accounts.routes.joining import Answer
from consult.accounts.sessions import WITHOUT
from consult.extensions import settings, transaction
from consult.permissions import May
from consult.reasons import REASONS
from consult.web import limits
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
    """Say what is kept and for how long: from the settings, and from what the worker goes by."""
    site = queries.site()

    def page() -> str:
        return render_template(
            "accounts/privacy.html",
            months=retention.months_of(None, site.retention_months),
            units=queries.units_with_own_retention(site.retention_months),
            periods=retention.PERIODS.values(),
            sessions=WITHOUT,
            cookie=current_app.config["SESSION_COOKIE_NAME"],
            cookie_days=current_app.config["PERMANENT_SESSION_LIFETIME"].days,
            providers=settings().sign_on is not None,
        )

    return answer_alike((site.stamp,), page)


@bp.get("/terms")
@needs(May.READ)
def terms() -> Response:
    """Say on which terms comments are taken; each keeps the version that held when it was sent."""
    held = {
        "version": contribution.VERSION,
        "licence_name": contribution.LICENCE_NAME,
        "licence_url": contribution.LICENCE_URL,
    }
    return answer_alike((queries.site().stamp,), lambda: render_template("accounts/terms.html", **held))


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
@limits.BARRIER
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
