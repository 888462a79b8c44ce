"""Officials look at what a version would change, say what became of doubtful paragraphs, and publish it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from consult.discussion import queries as discussion
from consult.discussion.naming import HEADINGS, name_of, title_of
from consult.documents import actions, confirming, preview, queries, reviewing
from consult.documents.actions import Prepared
from consult.documents.forms import FirstPublishForm, PublishForm, answers_in
from consult.documents.matching import Old
from consult.documents.models import Confirmation, Document, Draft
from consult.documents.placing import Slot, plan
from consult.documents.reviewing import ELSEWHERE, Between, Labels
from consult.documents.routes.blueprint import bp
from consult.documents.routes.editing import LONGEST_DIFF, ours
from consult.documents.routes.reading import page_of
from consult.errors import Conflict, Invalid, NotFound
from consult.extensions import transaction
from consult.permissions import May
from consult.text.bounds import NOTE_LENGTH
from consult.text.brief import brief
from consult.text.diff import diff_html
from consult.web import access
from consult.web.access import needs
from consult.web.fields import blame

MOST_QUESTIONS = 30  # doubtful matches on one page; the next come when these are confirmed
ROWS = 50  # changes on one page of those to look over
HEADING_WORDS = 80  # characters of a heading as its name
MOST_LIGHT = 50  # of those folded below it


@dataclass(frozen=True)
class Row:
    """One change to look over, with its words."""

    change: reviewing.Change
    words: tuple[Markup, ...]
    numbers: tuple[str, ...]  # under which it lives on
    home: str  # what the paragraph is called that it was joined with


@dataclass(frozen=True)
class Confirmed:
    """What somebody said became of a paragraph, who, and when."""

    answer: reviewing.Answer
    said: Confirmation
    name: str


@dataclass(frozen=True)
class Review:
    """All that the page shows of the way from the current version to the draft."""

    tally: preview.Tally
    marks: preview.Marks
    asked_count: int = 0
    questions: Sequence[reviewing.Question] = ()
    confirmed: Sequence[Confirmed] = ()
    rows: Sequence[Row] = ()
    row_count: int = 0
    light: Sequence[Row] = ()
    light_count: int = 0
    gone_before: Sequence[tuple[Any, int]] = ()
    page: int = 1
    pages: int = 1
    comment_count: int = 0  # on paragraphs that live on
    left_count: int = 0  # on paragraphs that are removed
    people_count: int = 0

    @property
    def next_count(self) -> int:
        """How many changes the next page has."""
        return max(0, min(ROWS, self.row_count - ROWS * self.page))


@dataclass(frozen=True)
class Meanwhile:
    """What somebody else did after the page was opened: a version published, or the draft saved."""

    version: Any = None
    seen: int = 0
    draft: Draft | None = None
    name: str = ""
    difference: Markup | None = None


@dataclass
class Trouble:
    """What stands in the way of what was asked for."""

    messages: list[str] = field(default_factory=list)
    unanswered: str = ""  # why the doubtful matches stop it
    meanwhile: Meanwhile | None = None


@bp.route("/consultations/<string:slug>/<string:document>/publish", methods=["GET", "POST"])
@needs(May.RUN_CONSULTATION)
def publish(slug: str, document: str) -> Any:
    found = ours(slug, document)
    draft = queries.latest_draft(found)
    if draft is None or not draft.source.strip():
        flash(_("There is no draft to publish yet. Write one first."), "wait")
        return redirect(url_for(".draft", slug=slug, document=document), 303)
    form = PublishForm() if found.version_count else FirstPublishForm()
    if not form.is_submitted():
        form.draft.data, form.seen.data = str(draft.number), str(found.version_count)
        form.note.data = session.get(_kept_as(found), "")
        return _page(found, draft, form)
    is_valid = form.validate()
    try:
        if request.form.get("undo"):
            return _reopen(found, form, request.form["undo"])
        said, elsewhere = answers_in(request.form)
        saved = _confirm(found, draft, form, said)
        if "confirm" in request.form.getlist("do") or elsewhere:
            return _confirmed(found, draft, form, saved, elsewhere)
        return _publish(found, draft, form) if is_valid else _page(found, draft, form, 422)
    except Invalid as error:
        if error.field != "matches":
            blame(form, error)
            return _page(found, draft, form, 422)
        return _page(found, draft, form, 422, Trouble(unanswered=error.message))
    except Conflict as error:
        return _conflict_page(found, draft, form, error)


def _confirm(document: Document, draft: Draft, form: PublishForm, said: Mapping[str, Sequence[str]]) -> int:
    if not said:
        return 0
    prepared = actions.prepare(document, draft.source)
    who = access.actor()
    with transaction(who):
        return confirming.confirm_matches(
            actor=who, document=document, said=said, seen=int(form.seen.data), prepared=prepared
        )


def _confirmed(document: Document, draft: Draft, form: PublishForm, saved: int, elsewhere: str) -> Any:
    """Go on to the matches that are left, or to choosing a paragraph; the note that was typed is kept."""
    form.note.errors = () if not form.note.data else form.note.errors
    if form.note.errors:
        return _page(document, draft, form, 422)
    session[_kept_as(document)] = form.note.data
    if saved:
        flash(ngettext("%(num)s match is confirmed.", "%(num)s matches are confirmed.", saved))
    slug, name = document.consultation.slug, document.slug
    if elsewhere:
        return redirect(url_for(".choose", slug=slug, document=name, key=elsewhere), 303)
    if not saved and _has_doubts(document, draft):
        return _page(
            document, draft, form, 422, Trouble(unanswered=_("Say of a paragraph what became of it."))
        )
    return redirect(url_for(".publish", slug=slug, document=name, _anchor="match"), 303)


def _reopen(document: Document, form: PublishForm, key: str) -> Any:
    who = access.actor()
    with transaction(who):
        confirming.reopen_match(actor=who, document=document, key=key, seen=int(form.seen.data))
    session[_kept_as(document)] = (form.note.data or "")[:NOTE_LENGTH]
    flash(_("That is taken back."))
    return redirect(
        url_for(".publish", slug=document.consultation.slug, document=document.slug, _anchor="match"), 303
    )


def _publish(document: Document, draft: Draft, form: PublishForm) -> Any:
    who = access.actor()
    if int(form.draft.data) != draft.number:
        raise Conflict(_("Somebody saved the draft after you opened this page. Look at it again."))
    prepared = actions.prepare(document, draft.source)
    with transaction(who):
        version = actions.publish_version(
            actor=who,
            document=document,
            source=draft.source,
            note=form.note.data or "",
            prepared=prepared,
            seen=int(form.seen.data),
        )
    session.pop(_kept_as(document), None)
    flash(_("Version %(number)s is published.", number=version.number))
    return redirect(url_for(".show", slug=document.consultation.slug, document=document.slug), 303)


def _kept_as(document: Document) -> str:
    """Return where a note is kept that was typed before it could be published."""
    return f"note-{document.id}"


def _conflict_page(document: Document, draft: Draft, form: PublishForm, error: Conflict) -> Any:
    """Show both: what somebody did meanwhile, and the draft, now compared with that; all that was typed stays."""
    meanwhile = _meanwhile(document, draft, int(form.seen.data), int(form.draft.data))
    form.draft.data, form.seen.data = str(draft.number), str(document.version_count)
    message = error.message or _("Somebody else published just now.")
    return _page(document, draft, form, 409, Trouble([message], meanwhile=meanwhile))


def _meanwhile(document: Document, draft: Draft, seen: int, looked_at: int) -> Meanwhile:
    if seen != document.version_count:
        latest = queries.version(document, document.version_count)
        return Meanwhile(
            version=latest,
            seen=seen,
            name=queries.publisher(latest.published_by),
            difference=_difference(latest.source, draft.source, Labels(_("theirs:"), _("yours:"))),
        )
    try:
        before = queries.draft(document, looked_at)
    except NotFound:
        return Meanwhile(draft=draft, name=queries.publisher(draft.saved_by))
    return Meanwhile(
        draft=draft,
        name=queries.publisher(draft.saved_by),
        difference=_difference(before.source, draft.source, Labels(_("before:"), _("now:"))),
    )


def _difference(one: str, other: str, said: Labels) -> Markup | None:
    if len(one) + len(other) > LONGEST_DIFF:
        return None
    return diff_html(one, other, deleted=said.deleted, inserted=said.inserted)


def between(document: Document, prepared: Prepared) -> Between:
    """Return the current page beside the text to come, with what was confirmed and how the rest is matched."""
    old = queries.current_page(document)
    blocks = prepared.text.blocks
    confirmed = actions.confirmed_targets(old, blocks, queries.confirmations(document))
    return Between(
        old,
        blocks,
        plan(old, blocks, prepared.numbers, confirmed),
        confirmed,
        queries.talk_of(document.id),
    )


def labels() -> Labels:
    return Labels(_("Taken out:"), _("Put in:"))


def called(was: Old) -> str:
    """Return what a paragraph is called within a sentence; a heading goes by its words."""
    if was.kind in HEADINGS:
        return str(_("the heading “%(words)s”", words=brief(was.plain or was.text, HEADING_WORDS)))
    return name_of(was.kind, was.number)


def short_name(was: Old) -> str:
    """Return what a paragraph is called in a list: its number, where the page shows it."""
    if was.kind in HEADINGS:
        return str(_("Heading"))
    return was.number if was.kind != "footnote" else title_of(was.kind, was.number)


def _has_doubts(document: Document, draft: Draft) -> bool:
    return bool(actions.plan_of(document, actions.prepare(document, draft.source)).doubts)


def _review(document: Document, prepared: Prepared) -> Review:
    both = between(document, prepared)
    tally = preview.tally(both.plan.slots)
    marks = preview.marks(both.blocks, prepared.numbers)
    if not document.version_count:
        return Review(tally, marks)
    sifted = reviewing.sifted(both)
    pages = max(1, -(-len(sifted.weighty) // ROWS))
    asked = request.args.get("page", "1")
    page = min(max(1, int(asked[:6]) if asked.isdecimal() else 1), pages)
    left = sum(both.comments(slot.old) for slot in tally.removed if slot.old)
    gone = [
        (slot.old, both.comments(slot.old))
        for slot in both.plan.slots
        if slot.old is not None and slot.old.is_removed and slot.is_removed
    ]
    return Review(
        tally,
        marks,
        asked_count=len(both.plan.doubts),
        questions=reviewing.questions(both, labels(), MOST_QUESTIONS),
        confirmed=_with_names(document, both),
        rows=_rows(both, sifted.weighty[(page - 1) * ROWS : page * ROWS]),
        row_count=len(sifted.weighty),
        light=_rows(both, sifted.light[:MOST_LIGHT]),
        light_count=len(sifted.light),
        gone_before=[(was, count) for was, count in gone if count],
        page=page,
        pages=pages,
        comment_count=sum(map(both.comments, both.old)) - left - sum(count for _was, count in gone),
        left_count=left,
        people_count=discussion.people_on(_changed_ids(both), besides=access.actor().id),
    )


def _changed_ids(both: Between) -> list[int]:
    """Return the paragraphs of which people are told that something became."""
    return [
        slot.old.paragraph_id
        for slot in both.plan.slots
        if slot.old is not None and slot.relation != "same" and not (slot.is_removed and slot.old.is_removed)
    ]


def _rows(both: Between, changes: Sequence[reviewing.Change]) -> list[Row]:
    said = labels()
    return [
        Row(
            change,
            reviewing.shown(both, change, said),
            reviewing.numbers_of(both, change.became),
            _home(both, change.slot),
        )
        for change in changes
    ]


def _home(both: Between, slot: Slot) -> str:
    if slot.home is None:
        return ""
    home = both.plan.slots[slot.home]
    return called(home.old) if home.old else name_of(home.kind, home.number)


def _with_names(document: Document, both: Between) -> list[Confirmed]:
    said = queries.confirmations(document)
    names = queries.names({row.confirmed_by for row in said.values()})
    return [
        Confirmed(answer, row, names.get(row.confirmed_by or 0, ""))
        for answer in reviewing.answers(both, labels())
        for row in [said[answer.old.paragraph_id]]
    ]


def _page(
    document: Document, draft: Draft, form: PublishForm, status: int = 200, trouble: Trouble | None = None
) -> Any:
    trouble = trouble or Trouble()
    review = None
    try:
        review = _review(document, actions.prepare(document, draft.source))
    except Invalid as error:
        trouble.messages.append(error.message)
    page = render_template(
        "documents/publish.html",
        document=document,
        draft=draft,
        saved_by=queries.publisher(draft.saved_by),
        form=form,
        page=page_of(document, document.version_count),
        review=review,
        trouble=trouble,
        chosen=request.form,
        elsewhere=ELSEWHERE,
        removed=reviewing.REMOVED,
        called=called,
        short_name=short_name,
        versions=queries.versions(document.id),
    )
    return page, status
