"""Comments that are not sent yet: looked at as one list, changed, printed, taken away and brought back, deleted."""

from typing import Any

from flask import Response, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult import clock
from consult.discussion import replacing
from consult.discussion.forms import PastedForm, UnsentForm, WithdrawForm
from consult.discussion.models import UnsentComment
from consult.discussion.naming import title_of
from consult.discussion.routes.addresses import draft_name
from consult.discussion.routes.blueprint import bp
from consult.discussion.routes.citing import Citing, cited_numbers
from consult.discussion.routes.owning import owner
from consult.discussion.unsent import clearance, keeping, kept
from consult.discussion.unsent.clearance import Item
from consult.errors import Invalid
from consult.extensions import transaction
from consult.permissions import May
from consult.web import access, limits
from consult.web.access import needs
from consult.web.fields import blame
from consult.web.private import kept_nowhere

DROPPED = "dropped"  # in the session: names of what the browser is told to keep no longer
MOST_DROPPED = 10  # a cookie holds only so much


@bp.get("/unsent")
@needs(May.BEGIN_COMMENT)
def unsent() -> Response:
    return _list(PastedForm(formdata=None), 200)


@bp.post("/unsent/paste")
@needs(May.BEGIN_COMMENT)
@limits.UNSENT
def paste() -> Any:
    """Take wording back in that was read elsewhere, for instance by whoever clears it in an organisation."""
    form, who = PastedForm(), access.actor()
    try:
        if form.validate_on_submit():
            with transaction(who):
                pasted = form.pasted.data
                changed = keeping.put_back(
                    actor=who, owner=owner(), bodies=_read(pasted), instead=clearance.words_instead(pasted)
                )
            flash(
                ngettext("%(num)s comment has new words.", "%(num)s comments have new words.", changed)
                if changed
                else _("The words are the same as before.")
            )
            return redirect(url_for(".unsent"), 303)
    except Invalid as refusal:
        blame(form, refusal)
    return _list(form, 422)


def _read(text: str) -> dict[str, str]:
    try:
        return clearance.bodies(text)
    except ValueError as error:
        if str(error):
            message = _("The mark %(mark)s stands there twice. Keep one of them.", mark=str(error))
        else:
            message = _(
                "There is no line with a mark, like “=== [k3x9] Paragraph 12 ===”. Paste the whole file."
            )
        raise Invalid(message, field="pasted") from None


@bp.get("/unsent.txt")
@needs(May.BEGIN_COMMENT)
def unsent_file() -> Response:
    """Give the list as a file, for clearance in an organisation; what comes back is pasted in."""
    rows = kept.unsent(owner())
    words = kept.words_at([row.paragraph_id for row in rows])
    items = [
        Item(row.key, place_in_words(row), words.get(row.paragraph_id, ""), row.body, row.replacement)
        for row in rows
    ]
    response = Response(clearance.as_text(items), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="comments-not-sent-yet.txt"'
    return kept_nowhere(response)


@bp.route("/unsent/<string:key>", methods=["GET", "POST"])
@needs(May.BEGIN_COMMENT)
@limits.UNSENT
def edit_unsent(key: str) -> Any:
    row, who = kept.unsent_one(owner(), key), access.actor()
    form = UnsentForm(
        body=row.body, kind=row.kind.value, replacement=row.replacement, cites=cited_numbers(row)
    )
    if not form.is_submitted():
        form.wish(keeping.wishes_of(row))
    try:
        if form.validate_on_submit():
            cites = Citing.read(row.document, form.cites.data).keys if row.is_letter else None
            with transaction(who):
                keeping.change(
                    actor=who,
                    unsent=kept.unsent_one(owner(), key),
                    body=form.body.data,
                    kind=form.chosen_kind,
                    replacement=form.replacement.data,
                    wishes=form.wishes,
                    cites=cites,
                    is_reply=not form.alone.data,
                )
            flash(_("Kept."))
            return redirect(url_for(".unsent"), 303)
    except Invalid as refusal:
        blame(form, refusal)
    page = render_template(
        "discussion/edit_unsent.html",
        form=form,
        row=row,
        place=place_in_words(row),
        words=kept.words_at([row.paragraph_id]).get(row.paragraph_id, ""),
        words_to_replace=replacing.words_to_replace(replacing.block_at(row.paragraph, row.version_number)),
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/unsent/<string:key>/delete")
@needs(May.BEGIN_COMMENT)
@limits.UNSENT
def delete_unsent(key: str) -> Any:
    who = access.actor()
    if WithdrawForm().validate_on_submit():
        with transaction(who):
            row = kept.unsent_one(owner(), key)
            let_go_in_browser(row)
            keeping.delete_unsent(actor=who, unsent=row)
        flash(_("Deleted. Nobody has read it."))
    return redirect(url_for(".unsent"), 303)


def _list(form: PastedForm, status: int) -> Response:
    mine = owner()
    rows = kept.unsent(mine)
    html = render_template(
        "discussion/unsent.html",
        rows=rows,
        places={row.id: place_in_words(row) for row in rows},
        words=kept.words_at([row.paragraph_id for row in rows]),
        waiting=kept.waiting_for_link(mine),
        form=form,
        dropped=let_go(),
        now=clock.now(),
    )
    return kept_nowhere(html, status)


def kept_for_later() -> Any:
    flash(_("Kept. Nobody else can read it until you send it."))
    return redirect(url_for(".unsent"), 303)


def let_go_in_browser(row: UnsentComment) -> None:
    """Have the next page tell the browser to keep these words itself no longer: they are kept here, or deleted."""
    names = dict.fromkeys([*session.get(DROPPED, []), kept_as(row)])
    session[DROPPED] = list(names)[-MOST_DROPPED:]


def let_go() -> list[str]:
    """Return what the browser is told, once, to keep no longer."""
    return list(session.pop(DROPPED, [])) if access.has_session() else []


def kept_as(row: UnsentComment) -> str:
    """Return the name under which the browser itself keeps what was typed, to be let go once it is sent."""
    if row.is_letter:
        return f"letter/{row.document.consultation.slug}/{row.document.slug}"
    return draft_name(row.paragraph, row.parent_key or None)


def place_in_words(row: UnsentComment) -> str:
    """Return where an unfinished comment goes: "Paragraph 12, Clear footways"."""
    paragraph, title = row.paragraph, row.document.title
    if row.is_letter:
        return str(_("A letter, %(draft)s", draft=title))
    name = title_of(paragraph.kind, paragraph.number)
    if row.parent_key:
        return str(_("A reply at %(place)s, %(draft)s", place=name, draft=title))
    return str(_("%(place)s, %(draft)s", place=name, draft=title))
