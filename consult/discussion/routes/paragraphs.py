"""One paragraph with its talk: read it, say something on it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from consult import clock
from consult.consultations import queries as consultations
from consult.consultations import stages
from consult.consultations.slugs import TOOLKIT
from consult.discussion import actions, conditions, queries, replacing, talk, threads
from consult.discussion.chronicle import chronicle
from consult.discussion.forms import CommentForm
from consult.discussion.life import Step, steps
from consult.discussion.models import Comment, Kind, UnsentComment
from consult.discussion.routes.addresses import KEY, Asked
from consult.discussion.routes.blueprint import bp
from consult.discussion.routes.noticing import sent_how
from consult.discussion.routes.owning import is_known, owner
from consult.discussion.routes.sending import own_page, sent_mark, sent_words
from consult.discussion.routes.showing import panel, readable, split_context, talk_context
from consult.discussion.routes.unsent import kept_for_later, let_go_in_browser
from consult.discussion.unsent import keeping, kept
from consult.discussion.words import Words
from consult.documents import paragraph_queries
from consult.documents import queries as documents
from consult.documents.models import Paragraph
from consult.documents.paragraph_queries import Kin
from consult.errors import Closed, Conflict, Invalid, NotFound
from consult.extensions import transaction
from consult.permissions import May, allows
from consult.text.markdown import stored_html
from consult.web import access, limits, origin
from consult.web.access import needs
from consult.web.conditional import answer_alike
from consult.web.fields import NEVER_IN_A_TEXT, blame, text
from consult.web.origin import begins_without_token
from consult.web.robots import unlisted

LATEST = (
    8  # revisions whose changes to a paragraph are looked at: the page shows six, and whether there are more
)
PATH = "/consultations/<string:slug>/<string:document>/p/<string:key>"
PATH_OF_PAGE = "/toolkit/<string:document>/p/<string:key>"  # where the words are those of a toolkit page


@bp.get(PATH_OF_PAGE, defaults={"slug": TOOLKIT})
@bp.get(PATH)
@needs(May.READ)
@unlisted
def paragraph(slug: str, document: str, key: str) -> Response:
    asked = Asked.read(request.args)
    stamps = readable(slug, document)

    def build() -> str:
        text = documents.document(slug, document)  # held here, so that the paragraph finds it without asking
        kin = paragraph_queries.kin(text, key)
        return panel(kin, asked) if asked.is_fragment else _page(kin, asked)

    return answer_alike(stamps, build, place=asked.name)


def _is_preview() -> bool:
    return request.form.get("do") in ("preview", "fill-in")


def _is_kept_unseen() -> bool:
    """Say whether the page keeps what is being typed by itself, which it does every few seconds."""
    return request.form.get("do") in ("autosave", "forget")


@bp.post(PATH_OF_PAGE, defaults={"slug": TOOLKIT})
@bp.post(PATH)
@needs(May.BEGIN_COMMENT)
@begins_without_token
@limits.COMMENT.but(lambda: _is_preview() or _is_kept_unseen())
@limits.KEEP.but(lambda: not _is_kept_unseen())
@limits.BEGIN.but(lambda: not _is_kept_unseen() or is_known())
def post(slug: str, document: str, key: str) -> Any:
    """Post what was written, of somebody who is known; of others keep it, and ask next whom it is from."""
    if _is_kept_unseen():
        return _keep_unseen(slug, document, key)
    form = CommentForm()
    if request.form.get("do") == "fill-in":
        return _filled_in(slug, document, key, form)
    if not form.validate_on_submit():
        return _again(slug, document, key, form, 422)
    try:
        words = _words(slug, document, key, form)
        if _is_preview():
            return _again(slug, document, key, form, 200, preview=words)
        is_for_later = request.form.get("do") == "keep"
        if is_for_later or not (origin.has_token() and allows(May.COMMENT, access.actor())):
            kept_under = _keep(slug, document, key, form.body.data, form)
            return kept_for_later() if is_for_later else redirect(url_for(".send", c=kept_under), 303)
        how = sent_how(words.body, document, passed=form.begun.passed)
        comment, place = _posted(slug, document, key, form, words, how)
    except Invalid as refusal:
        return _again(slug, document, key, form, 422, refusal)
    except (Closed, Conflict) as refusal:
        return _again(slug, document, key, form, 409, refusal)
    return _thanks(comment, place, slug=slug, document=document, key=key)


def _words(slug: str, document: str, key: str, form: CommentForm) -> Words:
    """Render what was written, and compare what it would put instead with the words that were read."""
    words = actions.written(form.body.data)
    if not form.replacement.data:
        return words
    readable(slug, document)
    parent, _response = _parent(form)
    place = conditions.said_on(paragraph_queries.place(slug, document, key), parent)
    block = replacing.block_at(place, form.version_number)
    return replacing.with_replacement(words, form.replacement.data, block)


def _filled_in(slug: str, document: str, key: str, form: CommentForm) -> Response:
    """Show the form with the words of the paragraph in it, to be changed. Nothing is checked, and nothing typed lost."""
    readable(slug, document)
    block = replacing.block_at(paragraph_queries.place(slug, document, key), form.version_number)
    form.replacement.data = form.replacement.data or replacing.words_to_replace(block)
    if form.kind_so_far is Kind.COMMENT:
        form.kind.data = Kind.SUGGESTION.value
    return _again(slug, document, key, form, 200, is_filled_in=True)


def _posted(
    slug: str, document: str, key: str, form: CommentForm, words: Words, how: str
) -> tuple[Comment, talk.Place | None]:
    """Post; where the same form came twice at the same moment, the second finds what the first made."""
    try:
        return _post(slug, document, key, form, words, how)
    except Conflict as refusal:
        if not isinstance(refusal.__cause__, IntegrityError):
            raise
        return _post(slug, document, key, form, words, how)


def _post(
    slug: str, document: str, key: str, form: CommentForm, words: Words, how: str
) -> tuple[Comment, talk.Place | None]:
    """Post, and find in the same transaction where the comment stands."""
    who = access.actor()
    with transaction(who):
        found = paragraph_queries.place(slug, document, key)
        if not stages.text_is_public(found.document.consultation, clock.now()):
            raise NotFound
        parent, response = _parent(form)
        begun = kept.unsent_at(owner(), found, _parent_key(form.parent.data))
        _wish_as_before(begun, form)
        comment = actions.post_comment(
            actor=who,
            paragraph=conditions.said_on(found, parent),
            body=words,
            kind=form.chosen_kind,
            parent=parent,
            response=response,
            once=form.once.data,
            version=form.version_number,
            wishes=form.wishes,
            manner=how,
        )
        if begun is not None:
            keeping.delete_unsent(actor=who, unsent=begun)
        return comment, None if comment.is_team_only else talk.place_of(comment, who)


def _keep(slug: str, document: str, key: str, body: str, form: CommentForm) -> str:
    """Keep what was written for this browser or account, and return its key."""
    who, mine = access.actor(), owner(create=True)
    with transaction(who):
        found = paragraph_queries.place(slug, document, key)
        consultation = found.document.consultation
        if not stages.text_is_public(consultation, clock.now()):
            raise NotFound
        conditions.check_keepable(consultation, found, clock.now())
        parent, _response = _parent(form)
        if parent is not None and not _is_kept_unseen():
            conditions.check_not_closed(parent)
        row = keeping.keep(
            actor=who,
            owner=mine,
            paragraph=found,
            body=body,
            kind=form.kind_so_far,
            replacement=form.replacement.data,
            parent_key=_parent_key(form.parent.data),
            version=form.version_number,
            wishes=form.wishes if form.has_chosen and form.is_sound else None,
        )
        if not _is_kept_unseen():
            let_go_in_browser(row)
        return row.key


def _keep_unseen(slug: str, document: str, key: str) -> Any:
    """Keep what is being typed, or let it go, without a page: the script asked. Too much is left to the form to say."""
    body, form = text(request.form.get("body", "")), CommentForm()
    form.validate()  # what cannot be sent is kept; what could be shown nowhere is not
    try:
        instead = form.replacement.data
        if request.form.get("do") == "forget" or not (body.strip() or instead):
            with transaction(access.actor(), is_known=True):
                _forget(paragraph_queries.place(slug, document, key), _parent_key(request.form.get("parent")))
        elif NEVER_IN_A_TEXT.search(body + instead):
            return "", 409
        else:
            _keep(slug, document, key, body, form)
    except (Closed, Conflict, Invalid):
        return "", 409
    if request.form.get("do") == "forget" and "quietly" not in request.form:
        flash(_("Deleted. Nobody has read it."))
        return redirect(url_for(".paragraph", slug=slug, document=document, key=key), 303)
    return "", 204


def _forget(place: Paragraph, parent_key: str) -> None:
    """Let go of what was kept at a place: its writer wants it gone."""
    kept_there = kept.unsent_at(owner(), place, parent_key)
    if kept_there is not None:
        keeping.delete_unsent(actor=access.actor(), unsent=kept_there)


def _wish_as_before(begun: UnsentComment | None, form: CommentForm) -> None:
    """Fill in what was asked for these words before, where the form at hand did not ask: beside the draft."""
    if begun is not None and not form.has_chosen:
        form.wish(keeping.wishes_of(begun))


def _parent(form: CommentForm) -> tuple[Comment | None, Any]:
    if form.parent.data and not _parent_key(form.parent.data):
        raise Invalid(_("The comment you reply to does not exist."), field="parent")
    return keeping.replied_to(form.parent.data or "")


def _parent_key(given: str | None) -> str:
    """Return the key of what is replied to, as far as it can be one: a database is asked for nothing else."""
    return given if given and KEY.fullmatch(given) else ""


def _thanks(comment: Comment, place: talk.Place | None, **address: str) -> Any:
    """Lead to the comment in its place. The next page says what became of it and lets the browser forget its draft."""
    draft = "/".join(filter(None, (*address.values(), request.form.get("parent"))))
    if place is None:  # sent only to the team: it stands on no page of the draft
        session["kept_sent"] = [draft]
        flash(sent_words([comment]))
        return redirect(own_page(), 303)
    session["sent"] = sent_mark(draft, comment)
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
    is_filled_in: bool = False,
) -> Response:
    """Show the page with the form as it was filled in, and what is wrong with it or how it will look."""
    readable(slug, document)
    text = documents.document(slug, document)
    kin = paragraph_queries.kin(text, key)
    asked = Asked(reply=_parent_key(form.parent.data) or None)
    _wish_as_before(kept.unsent_at(owner(), kin.paragraph, _parent_key(form.parent.data)), form)
    messages = []
    if isinstance(refusal, Invalid) and refusal.field in form and refusal.field != "parent":
        blame(form, refusal)
    elif refusal is not None:
        messages.append(refusal.message)
        form.parent.data = ""
        asked = Asked()
    if asked.reply:
        asked = _around(kin, asked.reply)
    html = _page(kin, asked, form=form, messages=messages, preview=preview, is_filled_in=is_filled_in)
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
    is_filled_in: bool = False,
) -> str:
    document = kin.paragraph.document
    context = talk_context(kin, asked)
    if asked.reply and _is_closed(context["thread"].nodes, asked.reply):
        messages = [*(messages or []), _("A moderator has closed this thread to replies; it says there why.")]
        asked = replace(asked, reply=None)
        context = talk_context(kin, asked)
    is_of_page = document.consultation.is_toolkit
    rows, life = (_changes if is_of_page else _life)(kin, context["then"])
    begun, standing = context["begun"], _standing(rows, context["then"])
    if form is None and kin.home is None and context["is_open"]:
        form = CommentForm(formdata=None, parent=asked.reply or "", version=str(document.version_count))
        if begun is not None:
            form.body.data, form.kind.data = begun.body, begun.kind.value
            form.replacement.data = begun.replacement
            form.wish(keeping.wishes_of(begun))
    return render_template(
        "discussion/_page_paragraph.html" if is_of_page else "discussion/paragraph.html",
        **context,
        **split_context(kin),
        form=form,
        messages=messages or [],
        preview=stored_html(preview.html) if preview else None,
        preview_instead=preview.replacement_html if preview else "",
        is_filled_in=is_filled_in,
        words=standing,
        can_suggest=replacing.can_replace(standing) and not is_of_page,
        words_to_replace=replacing.words_to_replace(standing),
        life=life,
        is_official=allows(May.RUN_CONSULTATION, access.actor(), document),
        officials=[] if is_of_page else consultations.officials_of(document.consultation.unit_id),
        near=talk.neighbours(kin.paragraph, document.current_version_id),
        sent=session.pop("sent", None) if access.has_session() else None,
    )


def _life(kin: Kin, then: int | None) -> tuple[Sequence[Any], list[Step]]:
    """Return what each version made of a paragraph, and the same as its life with all that was said and decided."""
    rows = paragraph_queries.life_of(kin.paragraph)
    return rows, chronicle(kin, rows, deleted=_("Taken out:"), inserted=_("Put in:"))


def _changes(kin: Kin, then: int | None) -> tuple[Sequence[Any], list[Step]]:
    """Return what the latest revisions changed in the words of a page: its history has the rest."""
    rows = paragraph_queries.changes_of(kin.paragraph, then, LATEST)
    return rows, steps(rows, deleted=_("Taken out:"), inserted=_("Put in:"))


def _is_closed(nodes: Sequence[threads.Node], reply: str) -> bool:
    """Say whether what is to be replied to stands in a thread that is closed."""
    for node in threads.walk(nodes):
        keys = (node.comment.key, *(answer.response.key for answer in node.answers))
        if reply in keys:
            return node.comment.closed_at is not None
    return False


def _standing(rows: Sequence[Any], then: int | None) -> Any:
    """Return the words of a paragraph: of the version whose talk is shown, or the last before it went."""
    standing = (row for row in reversed(rows) if not row.is_removed and row.number <= (then or row.number))
    return next(standing, None)
