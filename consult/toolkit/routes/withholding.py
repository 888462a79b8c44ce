"""Taking an earlier revision out of everybody's sight, and showing it again. For editors."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.errors import Conflict
from consult.extensions import transaction
from consult.permissions import May
from consult.toolkit import queries, withholding
from consult.toolkit.forms import WithholdForm
from consult.toolkit.routes.blueprint import bp
from consult.web import access
from consult.web.access import needs


@bp.route("/toolkit/<string:slug>/history/<int(max=999999999):number>/withhold", methods=["GET", "POST"])
@needs(May.EDIT_TOOLKIT)
def withhold(slug: str, number: int) -> Any:
    """Withhold an earlier revision, with a reason that readers see."""
    page = queries.page(slug)
    revision = queries.revision(page.id, number)
    place = url_for("toolkit.revision", slug=page.slug, number=number)
    if revision.withheld_at is not None:
        return redirect(place, 303)
    form, message = WithholdForm(), ""
    if form.validate_on_submit():
        who = access.actor()
        try:
            with transaction(who):
                withholding.withhold(actor=who, page=page, number=number, why=form.why.data)
        except Conflict as refusal:
            message = refusal.message
        else:
            flash(_("Withheld. Nobody can read these words here from now on."))
            return redirect(place, 303)
    status = 409 if message else 422 if form.errors else 200
    html = render_template("toolkit/withhold.html", form=form, page=page, revision=revision, message=message)
    return html, status


@bp.post("/toolkit/<string:slug>/history/<int(max=999999999):number>/show")
@needs(May.EDIT_TOOLKIT)
def show_again(slug: str, number: int) -> Any:
    """Let readers see a revision again."""
    page, who = queries.page(slug), access.actor()
    with transaction(who):
        withholding.show_again(actor=who, page=page, number=number)
    flash(_("Readers can see this revision again."))
    return redirect(url_for("toolkit.revision", slug=page.slug, number=number), 303)
