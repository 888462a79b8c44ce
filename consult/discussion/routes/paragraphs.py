"""One paragraph with its talk: read it, say something on it."""

from collections.abc import Sequence
from typing import Any

from flask import Response, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from consult import clock
from consult.consultations import queries as consultations
from consult.consultations import stages
from consult.discussion import actions, conditions, queries, talk
from consult.discussion.chronicle import chronicle
from consult.discussion.forms import CommentForm
from consult.discussion.models import Comment, Kind
from consult.discussion.routes.blueprint import bp
from consult.discussion.routes.showing import (
    KEY,
    Asked,
    panel,
    readable,
    split_context,
    talk_context,
)
from consult.discussion.words import Words
from consult.documents import queries as documents
from consult.documents.models import Paragraph
from consult.documents.queries import Kin
from consult.errors import Closed, Conflict, Invalid, NotFound
from consult.extensions import limiter, network, transaction
from consult.permissions import May, allows
from consult.text.markdown import stored_html
from consult.web import access
from consult.web.access import needs
from consult.web.conditional import answer_alike

PATH = "/consultations/<string:slug>/<string:document>/p/<string:key>"


@bp.get(PATH)
@needs(May.READ)
def paragraph(slug: str, document: str, key: str) -> Response:
    asked = Asked.read(request.args)
    stamps = readable(slug, document)

    def build() -> str:
        text = documents.document(slug, document)  # held here, so that the paragraph finds it without asking
        kin = documents.kin(text, key)
        return panel(kin, asked) if asked.is_fragment else _page(kin, asked)

    return answer_alike(stamps, build, place=asked.name)


def _account() -> str:
    return f"{access.actor().id or network()}"


def _is_preview() -> bool:
    return request.form.get("do") == "preview"


@bp.post(PATH)
@needs(May.COMMENT)
@limiter.limit("30 per 5 minutes; 200 per day", key_func=_account, exempt_when=_is_preview)
def post(slug: str, document: str, key: str) -> Any:
    form = CommentForm()
    if not form.validate_on_submit():
        return _again(slug, document, key, form, 422)
    try:
        words = actions.written(form.body.data)
        if _is_preview():
            return _again(slug, document, key, form, 200, preview=words)
        comment, place = _posted(slug, document, key, form, words)
    except Invalid as refusal:
        return _again(slug, document, key, form, 422, refusal)
    except (Closed, Conflict) as refusal:
        return _again(slug, document, key, form, 409, refusal)
    return _thanks(comment, place, slug=slug, document=document, key=key)


def _posted(
    slug: str, document: str, key: str, form: CommentForm, words: Words
) -> tuple[Comment, talk.Place]:
    """Post; where the same form came twice at the same moment, the second finds what the first made."""
    try:
        return _post(slug, document, key, form, words)
    except Conflict as refusal:
        if not isinstance(refusal.__cause__, IntegrityError):
            raise
        return _post(slug, document, key, form, words)


def _post(slug: str, document: str, key: str, form: CommentForm, words: Words) -> tuple[Comment, talk.Place]:
    """Post, and find in the same transaction where the comment stands."""
    who = access.actor()
    with transaction(who, is_known=True):
        found = documents.place(slug, document, key)
        if not stages.text_is_public(found.document.consultation, clock.now()):
            raise NotFound
        parent, response = _parent(form)
        comment = actions.post_comment(
            actor=who,
            paragraph=_said_on(found, parent),
            body=words,
            kind=Kind(form.kind.data),
            parent=parent,
            response=response,
            once=form.once.data,
            version=form.version_number,
        )
        return comment, talk.place_of(comment, who)


def _said_on(shown_at: Paragraph, parent: Comment | None) -> Paragraph:
    """Return the paragraph that a comment belongs to: a reply to what was said on a joined one stays with it."""
    if parent is not None and parent.paragraph.home_id == shown_at.id:
        conditions.check_open(shown_at.document.consultation, shown_at, clock.now())
        return parent.paragraph
    return shown_at


def _parent(form: CommentForm) -> tuple[Comment | None, Any]:
    if not form.parent.data:
        return None, None
    try:
        if not KEY.fullmatch(form.parent.data):
            raise NotFound
        return queries.said_under(form.parent.data)
    except NotFound:
        raise Invalid(_("The comment you reply to does not exist."), field="parent") from None


def _thanks(comment: Comment, place: talk.Place, **address: str) -> Any:
    """Lead to the comment in its place. The next page says what became of it and lets the browser forget its draft."""
    draft = "/".join(filter(None, (*address.values(), request.form.get("parent"))))
    session["sent"] = [draft, comment.state.value]
    where: dict[str, Any] = {**address, **place.arguments, "key": place.paragraph.key}
    return redirect(url_for(".paragraph", **where, _anchor=f"comment-{comment.key}"), 303)


def _again(
    slug: str,
    document: str,
    key: str,
    form: CommentForm,
    status: int,
    refusal: Invalid | Closed | Conflict | None = None,
    preview: Words | None = None,
) -> Response:
    """Show the page with the form as it was filled in, and what is wrong with it or how it will look."""
    readable(slug, document)
    text = documents.document(slug, document)
    kin = documents.kin(text, key)
    asked = Asked(reply=form.parent.data or None)
    messages = []
    if isinstance(refusal, Invalid) and refusal.field == "body":
        form.body.errors = [*form.body.errors, refusal.message]
    elif refusal is not None:
        messages.append(refusal.message)
        form.parent.data = ""
        asked = Asked()
    if asked.reply:
        asked = _around(kin, asked.reply)
    html = _page(kin, asked, form=form, messages=messages, preview=preview)
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _around(kin: Kin, reply: str) -> Asked:
    """Return the page of the talk on which the comment that is replied to stands."""
    if not KEY.fullmatch(reply):
        return Asked()
    try:
        parent, _response = queries.said_under(reply)
        place = talk.place_of(parent, access.actor())
    except NotFound:
        return Asked()
    if place.paragraph.id != kin.paragraph.id:
        return Asked()
    return Asked(after=place.after, branch=place.branch, reply=reply)


def _page(
    kin: Kin,
    asked: Asked,
    *,
    form: CommentForm | None = None,
    messages: list[str] | None = None,
    preview: Words | None = None,
) -> str:
    document = kin.paragraph.document
    context = talk_context(kin, asked)
    rows = documents.life_of(kin.paragraph)
    if form is None and kin.home is None and context["may_comment"] and context["is_open"]:
        form = CommentForm(formdata=None, parent=asked.reply or "", version=str(document.version_count))
    return render_template(
        "discussion/paragraph.html",
        **context,
        **split_context(kin),
        form=form,
        messages=messages or [],
        preview=stored_html(preview.html) if preview else None,
        words=_words(rows, context["then"]),
        life=chronicle(kin, rows, deleted=_("Taken out:"), inserted=_("Put in:")),
        is_official=allows(May.RUN_CONSULTATION, access.actor(), document),
        officials=consultations.officials_of(document.consultation.unit_id),
        near=talk.neighbours(kin.paragraph, document.current_version_id),
        sent=session.pop("sent", None) if access.has_session() else None,
    )


def _words(rows: Sequence[Any], then: int | None) -> Any:
    """Return the words of a paragraph: of the version whose talk is shown, or the last before it went."""
    standing = (row for row in reversed(rows) if not row.is_removed and row.number <= (then or row.number))
    return next(standing, None)
