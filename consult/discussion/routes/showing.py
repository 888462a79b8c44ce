"""What the pages of a discussion are made of: which part of the talk is asked for, and what its templates need."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from babel.lists import format_list
from flask import current_app, g, render_template, request, url_for
from flask_babel import format_datetime, get_locale, get_timezone, ngettext
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from consult import clock, reasons, workdays
from consult.consultations import stages
from consult.discussion import talk, tallies, threads
from consult.discussion.models import Comment
from consult.discussion.naming import name_of, title_of
from consult.discussion.routes.blueprint import bp
from consult.discussion.then import then_and_now
from consult.documents import queries as documents
from consult.documents.models import Paragraph
from consult.documents.past import past
from consult.documents.queries import Kin
from consult.errors import NotAllowed, NotFound
from consult.keys import new_key
from consult.permissions import May, allows
from consult.text.markdown import stored_html
from consult.web import access

KEY = re.compile(r"[2-9a-z]{1,12}")


@dataclass(frozen=True)
class Asked:
    """Which part of the talk an address asks for; whatever is no key or no filter counts as not asked.

    `version` alone asks for the talk as it was on that version, with the filter "version" for what was said on it.
    """

    after: str | None = None
    show: talk.Show = "all"
    branch: str | None = None
    reply: str | None = None
    version: int | None = None
    is_fragment: bool = False

    @classmethod
    def read(cls, args: MultiDict[str, str]) -> "Asked":
        def key(name: str) -> str | None:
            given = args.get(name, "")
            return given if KEY.fullmatch(given) else None

        given = args.get("v", "")
        version = int(given[:6]) if given.isdecimal() else None
        show: talk.Show = next((known for known in talk.SHOWS if known == args.get("show")), "all")
        if version is None and show == "version":
            show = "all"
        return cls(key("after"), show, key("root"), key("reply"), version, args.get("fragment") == "1")

    def query(self, **changes: Any) -> str:
        """Return the query of an address that asks for the same part with `changes`; "" for the first page."""
        wanted = replace(self, **changes)
        names = {"after": wanted.after, "root": wanted.branch, "reply": wanted.reply}
        if wanted.show != "all":
            names["show"] = wanted.show
        if wanted.version is not None:
            names["v"] = str(wanted.version)
        found = urlencode({name: value for name, value in names.items() if value})
        return f"?{found}" if found else ""

    def then(self, current: int) -> int | None:
        """Return the version as of which the talk is asked for; None for the talk of today."""
        is_past = self.show != "version" and self.version is not None and 0 < self.version < current
        return self.version if is_past else None

    @property
    def name(self) -> str:
        """Return what tells this part from others, for the page that is kept."""
        return f"{request.path}{self.query()}{'+' if self.is_fragment else ''}"


@dataclass(frozen=True)
class Links:
    """The fixed beginnings of addresses, so that no address is worked out once a comment."""

    here: str
    reply: str  # followed by a key
    comment: str  # followed by a key
    answer: str  # followed by a key
    correct_reply: str  # followed by a key
    can_report: bool

    @classmethod
    def of(cls, kin: Kin, asked: Asked) -> "Links":
        here = paragraph_url(kin.paragraph)
        query = asked.query(reply=None)
        reply = f"{here}{query}{'&' if query else '?'}reply="
        if kin.home is not None:
            reply = f"{paragraph_url(kin.home)}?reply="
        return cls(
            here=here,
            reply=reply,
            comment=url_for("discussion.comment", key="-")[:-1],
            answer=url_for("discussion.respond", key="-")[:-1],
            correct_reply=url_for("discussion.correct_response", key="-")[:-1],
            can_report="moderation.report" in current_app.view_functions,
        )


def paragraph_url(paragraph: Paragraph, **more: Any) -> str:
    document = paragraph.document
    return url_for(
        "discussion.paragraph",
        slug=document.consultation.slug,
        document=document.slug,
        key=paragraph.key,
        **more,
    )


def comment_url(said: Comment, viewer: Any, anchor: str = "") -> str:
    """Return the address of the page on which a comment stands, at the comment."""
    place = talk.place_of(said, viewer)
    return paragraph_url(place.paragraph, **place.arguments, _anchor=f"comment-{anchor or said.key}")


@dataclass(frozen=True)
class Later:
    """What was said at a place after the version whose page is shown: how much, on which versions, and where it is."""

    count: int
    versions: list[int]
    place: str


def talk_context(kin: Kin, asked: Asked) -> dict[str, Any]:
    """Return what the templates of a thread need, for whoever is asking."""
    viewer = access.actor()
    paragraph = kin.paragraph
    consultation = paragraph.document.consultation
    now = clock.now()
    then = asked.then(paragraph.document.version_count)
    joined, since = _joined(kin, then)
    ids = [paragraph.id, *(each.id for each in joined)]
    said = tallies.by_version(ids) if then else {}
    thread = talk.thread(
        paragraph,
        viewer=viewer,
        after=asked.after,
        show=asked.show,
        branch=asked.branch,
        joined=joined,
        version=asked.version if asked.show == "version" else then,
    )
    takes_comments = stages.takes_comments(consultation, now) and paragraph.is_open
    return {
        "paragraph": paragraph,
        "document": paragraph.document,
        "consultation": consultation,
        "kin": kin,
        "thread": thread,
        "asked": asked,
        "then": then,
        "tally": _tally(said, ids, then) if then else tallies.kept([paragraph, *joined]),
        "later": _later(kin, said, then) if then else None,
        "joined": {each.id: (each, since[each.id]) for each in joined},
        "words_then": then_and_now(
            thread.nodes,
            paragraph,
            version=then,
            has_misprints=kin.has_misprints,
            deleted=_("Taken out:"),
            inserted=_("Put in:"),
        ),
        "links": Links.of(kin, asked),
        "is_open": takes_comments and then is None,
        "is_undecided": stages.takes_responses(consultation, now),
        "can_answer": stages.takes_responses(consultation, now) and allows(May.ANSWER, viewer, consultation),
        "may_comment": allows(May.COMMENT, viewer, paragraph),
        "reply_is_here": any(node.comment.key == asked.reply for node in threads.walk(thread.nodes)),
        "draft_name": draft_name(paragraph, asked.reply),
    }


def _joined(kin: Kin, then: int | None) -> tuple[tuple[Paragraph, ...], dict[int, int]]:
    """Return the paragraphs whose talk is shown here as well, and since which version each of them is."""
    if then is None:
        return kin.joined, {each.id: each.removed_in or 0 for each in kin.joined}
    stood = past(kin.paragraph.document_id, then)
    return documents.paragraphs(stood.joined_to(kin.paragraph.id)), stood.gone_in


def _tally(said: dict[int, tallies.Tally], ids: list[int], then: int) -> tallies.Tally:
    answers = tallies.answers_until(ids, then)
    return replace(tallies.until(said, then), response_count=answers)


def _later(kin: Kin, said: dict[int, tallies.Tally], then: int) -> Later | None:
    after = {number: tally.comment_count for number, tally in said.items() if number > then}
    if not after:
        return None
    return Later(sum(after.values()), list(after), paragraph_url(kin.home or kin.paragraph))


def draft_name(paragraph: Paragraph, reply: str | None = None) -> str:
    """Return the name under which the browser keeps what is being written here."""
    document = paragraph.document
    return "/".join(filter(None, (document.consultation.slug, document.slug, paragraph.key, reply)))


@bp.app_template_global()
def thread_panel(kin: Kin, version: int) -> Markup:
    """Return the panel with the first page of a paragraph's talk, to stand beside its words in a version."""
    asked = Asked(version=version if version < kin.paragraph.document.version_count else None)
    return Markup(panel(kin, asked))  # noqa: S704 - what a template made


def panel(kin: Kin, asked: Asked) -> str:
    return render_template("discussion/_panel.html", **talk_context(kin, asked), **split_context(kin))


def split_context(kin: Kin) -> dict[str, Any]:
    """Return how much had been said on the whole that a paragraph was a part of: asked only where it was one."""
    earlier = tallies.before_split(kin.paragraph.document_id) if kin.origin is not None else {}
    return {"earlier_count": earlier.get(kin.paragraph.id, 0)}


@bp.app_template_global()
def paragraph_title(kind: str, number: str, words: str = "") -> str:
    return title_of(kind, number, words)


@bp.app_template_global()
def paragraph_name(kind: str, number: str) -> str:
    return name_of(kind, number)


@bp.app_template_global()
def listed(words: Sequence[str]) -> str:
    """Return a list as it stands in a sentence: "2 and 3"."""
    return format_list(list(map(str, words)), locale=get_locale())


@bp.app_template_global()
def quoted(block: Any, page: str) -> Markup:
    """Return the words of a block to stand on another page than its own: links inside the text lead back there."""
    return stored_html(block.html.replace('href="#', f'href="{page}#'))


@bp.app_template_global()
def said_at(at: datetime, now: datetime) -> Markup:
    """Return when something was said: "12 Nov, 8.14 am", with the year when it was another."""
    return _said_at(at.replace(second=0, microsecond=0), at.year != now.year, *_manner())


def _manner() -> tuple[str, str]:
    """Return language and zone of this request, worked out once for it: a thread has many times to tell."""
    if "manner" not in g:
        g.manner = (str(get_locale()), str(get_timezone()))
    return g.manner  # type: ignore[no-any-return]


@lru_cache(maxsize=20_000)
def _said_at(at: datetime, with_year: bool, locale: str, zone: str) -> Markup:
    """Formatting a time costs more than reading a comment from the database: the same minute is formatted once."""
    form = "d MMM yyyy, h.mm a" if with_year else "d MMM, h.mm a"
    words = format_datetime(at, form).replace("AM", "am").replace("PM", "pm")
    return Markup('<time datetime="{}">{}</time>').format(
        at.astimezone(UTC).isoformat(timespec="seconds"), words
    )


@bp.app_template_global()
def in_reply_to(prefix: str, key: str, name: str) -> Markup:
    """Return a link to what a reply answers, to stand inside a sentence."""
    return Markup('<a href="{}{}">{}</a>').format(prefix, key, name)


@bp.app_template_global()
def reason_label(code: str) -> object:
    """Return the published words for why a comment was taken down."""
    return reasons.label(code)


@bp.app_template_global()
def form_key() -> str:
    """Return a key for a form that a template makes itself: sent twice, it makes one row."""
    return new_key(20)


@bp.app_template_global()
def waited(asked_at: datetime, now: datetime) -> int:
    """Return for how many working days something has waited."""
    return workdays.working_days_between(asked_at, now, current_app.config["CONSULT_ZONE"])


@bp.app_template_global()
def waiting_words(asked_at: datetime, now: datetime, promise: int) -> str:
    """Say how long a question has waited, and by how much that is more than the unit aims for."""
    days = waited(asked_at, now)
    if days == 0:
        return str(_("Question · waiting since today"))
    if days <= promise:
        return str(
            ngettext(
                "Question · waiting %(num)s working day", "Question · waiting %(num)s working days", days
            )
        )
    return str(
        ngettext(
            "Question · waiting %(num)s working day, %(late)s past our aim",
            "Question · waiting %(num)s working days, %(late)s past our aim",
            days,
            late=days - promise,
        )
    )


def readable(slug: str, document: str) -> tuple[Any, ...]:
    """Return the stamps on which a page about a document hangs.

    Raises NotFound or NotAllowed for a text that is not for whoever is asking: before the opening only officials
    of the unit read it, and while it is prepared nobody else may know that it is.
    """
    row = documents.stamps(slug, document)
    now = clock.now()
    standing = stages.standing(row, now)
    if not (stages.text_is_public(row, now) and row.version_count):
        found = documents.document(slug, document)
        if not allows(May.RUN_CONSULTATION, access.actor(), found):
            if standing is stages.Standing.COMING:
                raise NotAllowed(_("This draft can be read once the consultation has opened."))
            raise NotFound
    if row.image_hosts:
        g.image_hosts = row.image_hosts.split()
    return (row.id, row.stamp, row.consultation_stamp, row.site_stamp, standing.value)
