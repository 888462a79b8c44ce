"""Writing the toolkit: start a page, save one, bring an earlier revision back. For editors."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.accounts import queries as accounts
from consult.accounts.models import Part
from consult.consultations.slugs import slug_from
from consult.consultations.typed_dates import typed
from consult.errors import Invalid
from consult.extensions import transaction
from consult.permissions import May
from consult.toolkit import actions, changes, names, queries, rendering
from consult.toolkit.actions import Wording
from consult.toolkit.entries.forms import FactsForm, form_of
from consult.toolkit.entries.kinds import PageKind
from consult.toolkit.entries.showing import facts_shown
from consult.toolkit.models import SHELF_OF, Page, Shelf
from consult.toolkit.rendering import Rendered
from consult.toolkit.routes.blueprint import bp, today
from consult.toolkit.routes.saving import saved
from consult.toolkit.talk import ahead
from consult.toolkit.unsaved import actions as unsaved
from consult.toolkit.unsaved.models import Use
from consult.toolkit.unsaved.queries import Place
from consult.toolkit.unsaved.routes import goes_on, kept_or_forgotten
from consult.web import access
from consult.web.access import needs
from consult.web.fields import blame


@bp.route("/toolkit/new", methods=["GET", "POST"])
@needs(May.EDIT_TOOLKIT)
def new() -> Any:
    """Start a page; the address may come from a link to one that is not written yet."""
    form = _form(_kind_asked(), is_new=True)
    place = Place(Use.EDIT, kind=form.kind.value)
    if request.method == "GET":
        name = names.name_of(request.args.get("slug", ""))
        form.slug.data, form.title.data = (name, "") if names.is_name(name) else ("", name.replace("-", " "))
        form.owner.data = str(access.actor().id)
        form.shelf.data = SHELF_OF.get(form.kind, Shelf.ENGAGE).value
        return render_template("toolkit/new.html", form=form, kept=goes_on(form, place))
    return _written(form, "toolkit/new.html", _start, place)


def _kind_asked() -> PageKind:
    """Return the kind that the address names; a page of guidance where it names none."""
    given = request.args.get("kind")
    return next((kind for kind in PageKind if kind.value == given), PageKind.PRACTICE)


def _form(kind: PageKind, owner_id: int | None = None, *, is_new: bool = False) -> FactsForm:
    form = form_of(kind, is_new=is_new)()
    form.today = today()
    form.offers(accounts.players(Part.EDITOR, also=owner_id))
    return form


def _start(form: FactsForm, wording: Wording) -> Any:
    slug = form.slug.data or slug_from(form.title.data)
    who = access.actor()
    with transaction(who):
        actions.start_page(
            actor=who,
            slug=slug,
            shelf=Shelf(form.shelf.data),
            wording=wording,
            kind=form.kind,
            review_by=form.review_day,
            owner_id=form.owner_id,
        )
        unsaved.let_go(actor=who, place=Place(Use.EDIT, kind=form.kind.value))
    flash(_("The page is there for everyone to read."))
    return redirect(url_for("toolkit.page", slug=slug), 303)


@bp.route("/toolkit/<string:slug>/edit", methods=["GET", "POST"])
@needs(May.EDIT_TOOLKIT)
def edit(slug: str) -> Any:
    """Save a page, or see first what it would look like."""
    page = queries.page(slug)
    form = _form(page.kind, page.owner_id)
    place = Place(Use.EDIT, page_id=page.id)
    if request.method == "GET":
        if page.slug != slug:
            return redirect(url_for("toolkit.edit", slug=page.slug), 302)
        _fill(form, page)
        return render_template("toolkit/edit.html", form=form, page=page, kept=goes_on(form, place))
    return _written(
        form, "toolkit/edit.html", lambda form, wording: saved(form, wording, page), place, page=page
    )


def _fill(form: FactsForm, page: Page) -> None:
    current = queries.revision(page.id, page.revision_count)
    form.title.data, form.summary.data = current.title, current.summary
    form.shelf.data, form.source.data = page.shelf.value, current.source
    form.owner.data = str(page.owner_id or "")
    form.builds_on(page)
    form.fill_facts(current.facts)
    form.review_by.data = typed(page.review_by)


def _written(form: FactsForm, template: str, store: Any, place: Place, **values: Any) -> Any:
    """Answer a form that was sent: a preview, what is wrong with it, that it is kept, or what `store` answers."""
    is_sound = form.validate_on_submit()
    try:
        if answer := kept_or_forgotten(form, place, request.full_path.rstrip("?")):
            return answer
        text = rendering.rendered(form.source.data) if not form.source.errors else None
        if request.form.get("do") == "preview" or text is None or not is_sound:
            shown = _preview(form, text, values.get("page")) if request.form.get("do") == "preview" else {}
            return render_template(template, form=form, **shown, **values), 200 if is_sound else 422
        facts = form.facts if form.fact_fields else None
        return store(form, Wording(form.title.data, form.summary.data, text, form.note.data, facts))
    except Invalid as error:
        blame(form, error)
        return render_template(template, form=form, **values), 422


def _preview(form: FactsForm, text: Rendered | None, page: Page | None) -> dict[str, Any]:
    """Return how a text would look and, of a page that is there, what it changes of the one that was begun from."""
    if text is None:
        return {}
    preview: dict[str, Any] = {"preview": rendering.shown(text.html)}
    preview["facts_shown"] = facts_shown(form.kind, form.facts, today())
    if page is None:
        return preview
    number = form.began_from if 0 < form.began_from <= page.revision_count else page.revision_count
    base = queries.revision(page.id, number).source
    said = {"deleted": _("taken out:"), "inserted": _("put in:")}
    drawn = changes.compared(base, text.source, **said) if base != text.source else []
    return {**preview, "drawn": drawn, "is_stale": number != page.revision_count}


@bp.post("/toolkit/<string:slug>/history/<int(max=999999999):number>/restore")
@needs(May.EDIT_TOOLKIT)
def restore(slug: str, number: int) -> Any:
    """Bring an earlier revision back."""
    page, who = queries.page(slug), access.actor()
    earlier = queries.revision(page.id, number)
    if earlier.withheld_at is not None:
        return redirect(url_for("toolkit.revision", slug=page.slug, number=number), 303)
    text = ahead.with_blocks(rendering.rendered(earlier.source), page)
    with transaction(who):
        actions.restore_revision(actor=who, page=page, number=number, text=text)
    flash(
        _("Revision %(number)s is the page again. What stood there before is in the history.", number=number)
    )
    return redirect(url_for("toolkit.page", slug=slug), 303)
