"""One long letter as a single response: about several paragraphs, or the whole draft."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, url_for

from consult import clock
from consult.discussion import conditions, queries
from consult.discussion.forms import LetterForm
from consult.discussion.models import Kind
from consult.discussion.routes.blueprint import bp
from consult.discussion.routes.citing import Citing, cited_numbers
from consult.discussion.routes.owning import is_known, owner
from consult.discussion.routes.showing import readable
from consult.discussion.routes.unsent import kept_for_later, let_go_in_browser
from consult.discussion.unsent import keeping, kept
from consult.documents import queries as documents
from consult.documents.models import Document
from consult.errors import Closed, Invalid
from consult.extensions import transaction
from consult.permissions import May
from consult.web import access, limits
from consult.web.access import needs
from consult.web.fields import blame
from consult.web.origin import begins_without_token
from consult.web.private import kept_nowhere


@bp.get("/consultations/<string:slug>/<string:document>/letter")
@needs(May.BEGIN_COMMENT)
def letter(slug: str, document: str) -> Any:
    text = _text(slug, document)
    conditions.check_open(text.consultation, queries.whole(text), clock.now())
    begun = kept.unsent_at(owner(), queries.whole(text), is_letter=True) if access.has_session() else None
    form = LetterForm(formdata=None)
    if begun is not None:
        form.body.data, form.cites.data = begun.body, cited_numbers(begun)
        form.wish(keeping.wishes_of(begun))
    return _page(text, form, 200)


@bp.post("/consultations/<string:slug>/<string:document>/letter")
@needs(May.BEGIN_COMMENT)
@begins_without_token
@limits.UNSENT
@limits.BEGIN.but(is_known)
def keep_letter(slug: str, document: str) -> Any:
    """Keep the letter; the next page asks who it is from. Where the draft has closed meanwhile it can still be copied."""
    text, who, form = _text(slug, document), access.actor(), LetterForm()
    try:
        conditions.check_keepable(text.consultation, queries.whole(text), clock.now())
        if form.validate_on_submit():
            cites = Citing.read(text, form.cites.data).keys
            mine = owner(create=True)
            with transaction(who):
                row = keeping.keep(
                    actor=who,
                    owner=mine,
                    paragraph=queries.whole(text),
                    body=form.body.data,
                    kind=Kind.COMMENT,
                    version=text.version_count,
                    wishes=form.wishes,
                    cites=cites,
                )
                let_go_in_browser(row)
                key = row.key
            if request.form.get("do") == "keep":
                return kept_for_later()
            return redirect(url_for(".send", c=key), 303)
    except Invalid as refusal:
        blame(form, refusal)
    except Closed as refusal:
        return _page(text, form, 409, [refusal.message])
    return _page(text, form, 422)


def _text(slug: str, document: str) -> Document:
    """Return a draft that whoever asks may read."""
    readable(slug, document)
    return documents.document(slug, document)


def _page(text: Document, form: LetterForm, status: int, messages: Sequence[str] = ()) -> Any:
    html = render_template(
        "discussion/letter.html",
        form=form,
        document=text,
        consultation=text.consultation,
        messages=messages,
    )
    return kept_nowhere(html, status)
