"""The officials' desk: writing down responses that came by letter, at a meeting or by telephone."""

from types import SimpleNamespace
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult import clock
from consult.consultations import queries as consultations
from consult.consultations import stages
from consult.consultations.typed_dates import typed_day
from consult.discussion import actions, queries, recording, replacing
from consult.discussion.desk import queries as desk
from consult.discussion.forms import take_off
from consult.discussion.models import Comment, Kind, State
from consult.discussion.recording_forms import RecordCorrectionForm, RecordForm, RecordWithdrawalForm
from consult.discussion.routes.addresses import comment_url
from consult.discussion.routes.blueprint import bp
from consult.discussion.words import Words
from consult.documents import listings, paragraph_queries
from consult.documents import queries as documents
from consult.documents.models import Document, Paragraph
from consult.errors import Closed, Conflict, Invalid, NotFound
from consult.extensions import transaction
from consult.permissions import May, require
from consult.text.markdown import stored_html
from consult.web import access
from consult.web.access import needs
from consult.web.fields import blame
from consult.web.private import kept_nowhere

PATH = "/desk/record/<string:slug>/<string:document>"


@bp.get("/desk/record", endpoint="record")
@needs(May.RECORD)
def what_came_in_another_way() -> str:
    """Let an official choose the text that a response is about."""
    units = consultations.units_of(access.actor())
    now = clock.now()
    rows = [row for row in desk.exercises([unit.id for unit in units]) if stages.takes_responses(row, now)]
    return render_template(
        "discussion/record.html",
        units=units,
        exercises=rows,
        texts=listings.documents_of([row.id for row in rows]),
    )


@bp.get(PATH)
@needs(May.RECORD)
def record_on(slug: str, document: str) -> Response:
    text = _ours(slug, document)
    today = typed_day(clock.now(), current_app.config["CONSULT_ZONE"])
    return _record_page(text, RecordForm(formdata=None, received_on=today), 200)


@bp.post(PATH)
@needs(May.RECORD)
def keep_record(slug: str, document: str) -> Any:
    who = access.actor()
    text = _ours(slug, document)
    form = RecordForm()
    if not form.validate_on_submit():
        return _record_page(text, form, 422)
    try:
        words = _words(text, form)
        if request.form.get("do") == "preview":
            return _record_page(text, form, 200, preview=_preview(text, form, words))
        with transaction(who):
            said = recording.record_response(
                actor=who,
                paragraph=_place(documents.document(slug, document), form),
                words=words,
                kind=form.chosen_kind,
                record=form.record,
                zone=current_app.config["CONSULT_ZONE"],
                once=form.once.data,
            )
    except Invalid as refusal:
        blame(form, refusal)
        return _record_page(text, form, 422)
    except (Closed, Conflict) as refusal:
        return _record_page(documents.document(slug, document), form, 409, refusal=refusal)
    return _kept(said)


def _kept(said: Comment) -> Any:
    """Lead to where it went, and say so."""
    if said.state is State.PUBLISHED:
        flash(_("It is written down and published."))
        return redirect(comment_url(said, access.actor()), 303)
    if said.is_team_only:
        flash(_("It is written down. Only your unit can read it."))
        return redirect(url_for(".team", key=said.key), 303)
    flash(_("It is written down. A moderator looks at it, then it appears."))
    return redirect(url_for(".recorded", key=said.key), 303)


def _ours(slug: str, document: str) -> Document:
    text = documents.document(slug, document)
    require(May.RECORD, access.actor(), text)
    if not text.version_count:
        raise NotFound
    return text


def _words(text: Document, form: RecordForm) -> Words:
    words = actions.letter_written(form.body.data)
    if not form.replacement.data:
        return words
    return replacing.with_replacement(
        words, form.replacement.data, replacing.block_at(_place(text, form), None)
    )


def _place(text: Document, form: RecordForm) -> Paragraph:
    found = recording.paragraph_numbered(text, form.where.data or "")
    if found is None:
        raise Invalid(_("This draft has no paragraph %(number)s.", number=form.where.data), field="where")
    return found


def _preview(text: Document, form: RecordForm, words: Words) -> dict[str, Any]:
    """Return how it will look and where it will go, with the words of the paragraph to check the number by."""
    zone, record, paragraph = current_app.config["CONSULT_ZONE"], form.record, _place(text, form)
    recording.check_recordable(text.consultation, paragraph, record, zone)
    now = paragraph_queries.block_of(paragraph, text.current_version_id or 0)
    return {
        "html": stored_html(words.html),
        "kind": form.chosen_kind,
        "instead": words.replacement_html,
        "version": text.version_count,
        "name": record.shown_name,
        "paragraph": paragraph,
        "words": now.plain if now is not None else "",
        "consent": record.consent.value,
        "same": recording.same_words(text, words),
        "said": SimpleNamespace(
            channel=record.channel,
            received_on=record.received_on,
            is_late=recording.came_late(text.consultation, record.received_on, zone),
            on_behalf_of=record.on_behalf_of,
            on_behalf_kind=record.on_behalf_kind,
        ),
    }


def _record_page(
    text: Document,
    form: RecordForm,
    status: int,
    preview: dict[str, Any] | None = None,
    refusal: Closed | Conflict | None = None,
) -> Response:
    html = render_template(
        "discussion/record_on.html",
        document=text,
        form=form,
        preview=preview,
        messages=[refusal.message] if refusal else [],
        is_open=stages.takes_responses(text.consultation, clock.now()),
    )
    return kept_nowhere(html, status)


@bp.get("/desk/recorded/<string:key>")
@needs(May.MEND_RECORD)
def recorded(key: str) -> Response:
    said = _written_down(key)
    return _recorded_page(said, _untouched(said), RecordWithdrawalForm(formdata=None), 200)


@bp.post("/desk/recorded/<string:key>")
@needs(May.MEND_RECORD)
def mend_record(key: str) -> Any:
    """Correct what was written down, or take it back: the button says which."""
    said = _written_down(key)
    if request.form.get("do") == "withdraw":
        return _take_back(said)
    return _correct(said)


def _take_back(said: Comment) -> Any:
    who, form = access.actor(), RecordWithdrawalForm()
    if not form.validate_on_submit():
        return _recorded_page(said, _untouched(said), form, 422)
    with transaction(who):
        recording.withdraw_record(actor=who, comment=queries.comment(said.key), note=form.note.data)
    flash(_("It is taken back."))
    return redirect(url_for(".desk"), 303)


def _correct(said: Comment) -> Any:
    who, form = access.actor(), _mending(said, is_sent=True)
    if not form.validate_on_submit():
        return _recorded_page(said, form, RecordWithdrawalForm(formdata=None), 422)
    try:
        words = actions.letter_written(form.body.data)
        if form.replacement:
            words = replacing.with_replacement(words, form.replacement.data, said.block)
        with transaction(who):
            recording.correct_record(
                actor=who,
                comment=queries.comment(said.key),
                words=words,
                seen=form.seen.data or "",
                kind=form.chosen_kind if form.kind else None,
            )
    except Invalid as refusal:
        blame(form, refusal)
        return _recorded_page(said, form, RecordWithdrawalForm(formdata=None), 422)
    except (Closed, Conflict) as refusal:
        said = queries.comment(said.key)
        return _recorded_page(said, form, RecordWithdrawalForm(formdata=None), 409, refusal)
    flash(_("The words are changed."))
    return redirect(url_for(".recorded", key=said.key), 303)


def _untouched(said: Comment) -> RecordCorrectionForm:
    return _mending(said, is_sent=False)


def _mending(said: Comment, *, is_sent: bool) -> RecordCorrectionForm:
    """Return the form for other words: a question stays one, and what proposes no words is not asked for them."""
    filled: dict[str, Any] = {"kind": said.kind.value, "replacement": said.replacement}
    if not is_sent:
        filled |= {"formdata": None, "body": said.body, "seen": actions.face_of(said)}
    form = RecordCorrectionForm(**filled)
    is_question = said.kind is Kind.QUESTION
    no_words = not replacing.can_replace(said.block) or (is_question and not said.replacement)
    take_off(form, kind=is_question, words=no_words)
    return form


def _written_down(key: str) -> Comment:
    """Return what an official of one's own unit wrote down; for anybody else it is not there."""
    said = queries.comment(key)
    if not recording.may_mend(access.actor(), said):
        raise NotFound
    if said.state in (State.WITHDRAWN, State.ERASED):
        raise Conflict(_("This was taken back. Nothing about it can be changed."))
    return said


def _recorded_page(
    said: Comment,
    form: RecordCorrectionForm,
    withdrawal: RecordWithdrawalForm,
    status: int,
    refusal: Closed | Conflict | None = None,
) -> Response:
    if refusal is not None:
        form.seen.data = actions.face_of(said)
    html = render_template(
        "discussion/recorded.html",
        said=said,
        current=stored_html(said.html),
        form=form,
        withdrawal=withdrawal,
        waiting=queries.correction_of(said.id),
        decisions=queries.decisions_on([said.id])[said.id],
        messages=[refusal.message] if refusal else [],
        theirs=getattr(refusal, "theirs", None),
        is_open=stages.takes_responses(said.document.consultation, clock.now()),
    )
    return kept_nowhere(html, status)
