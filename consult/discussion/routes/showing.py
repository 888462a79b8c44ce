"""What the pages of a discussion are made of: what the templates of a thread need, and who may read it."""

from dataclasses import dataclass, replace
from typing import Any

from flask import current_app, g, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from consult import clock
from consult.consultations import stages
from consult.discussion import conditions, talk, tallies, threads
from consult.discussion.ledger import also
from consult.discussion.routes.addresses import Asked, draft_name, paragraph_url
from consult.discussion.routes.blueprint import bp
from consult.discussion.routes.owning import owner
from consult.discussion.then import then_and_now
from consult.discussion.unsent import kept
from consult.discussion.verdict import deciding
from consult.documents import paragraph_queries
from consult.documents import queries as documents
from consult.documents.models import WHOLE, Paragraph
from consult.documents.paragraph_queries import Kin
from consult.documents.past import past
from consult.errors import NotAllowed, NotFound
from consult.permissions import May, allows
from consult.web import access, sessions
from consult.web.elections import forms_are_closed


@dataclass(frozen=True)
class Links:
    """The fixed beginnings of addresses, so that no address is worked out once a comment."""

    here: str
    reply: str  # followed by a key
    comment: str  # followed by a key
    answer: str  # followed by a key
    correct_reply: str  # followed by a key
    recorded: str  # followed by a key
    decide: str  # followed by a key
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
            recorded=url_for("discussion.recorded", key="-")[:-1],
            decide=url_for("discussion.decide", key="-")[:-1],
            can_report="moderation.report" in current_app.view_functions,
        )


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
    takes_comments = takes_comments and not forms_are_closed(consultation)
    is_undecided = conditions.takes_responses(consultation, now)
    on_page = [node.comment.id for node in threads.walk(thread.nodes)]
    may_decide = stages.standing(consultation, now) is stages.Standing.CLOSED and allows(
        May.RUN_CONSULTATION, viewer, consultation
    )
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
        "letters": talk.letters_about(ids) if then is None and paragraph.key != WHOLE else [],
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
        "is_undecided": is_undecided,
        "can_answer": is_undecided and allows(May.ANSWER, viewer, consultation),
        "can_mark": is_undecided and allows(May.MARK_QUESTION, viewer, consultation),
        "may_comment": allows(May.COMMENT, viewer, paragraph),
        "reply_is_here": any(node.comment.key == asked.reply for node in threads.walk(thread.nodes)),
        "draft_name": draft_name(paragraph, asked.reply),
        "asked_too": _asked_too(thread),
        "verdicts": deciding.verdicts_on(consultation, on_page),
        "may_decide": may_decide,
        "kept_verdicts": deciding.kept_on(on_page) if may_decide else {},
        "begun": kept.unsent_at(owner(), paragraph, asked.reply or "") if access.has_session() else None,
    }


def _asked_too(thread: talk.Thread) -> set[int]:
    """Return the questions on the page that whoever is asking said they have too."""
    if not access.has_session():
        return set()
    asked = [node.comment.id for node in threads.walk(thread.nodes) if node.comment.also_count]
    asker = also.Asker(access.actor().id, sessions.holder())
    return also.theirs(asker, asked) if asked else set()


def _joined(kin: Kin, then: int | None) -> tuple[tuple[Paragraph, ...], dict[int, int]]:
    """Return the paragraphs whose talk is shown here as well, and since which version each of them is."""
    if then is None:
        return kin.joined, {each.id: each.removed_in or 0 for each in kin.joined}
    stood = past(kin.paragraph.document_id, then)
    return paragraph_queries.paragraphs(stood.joined_to(kin.paragraph.id)), stood.gone_in


def _tally(said: dict[int, tallies.Tally], ids: list[int], then: int) -> tallies.Tally:
    answers = tallies.answers_until(ids, then)
    return replace(tallies.until(said, then), response_count=answers)


def _later(kin: Kin, said: dict[int, tallies.Tally], then: int) -> Later | None:
    after = {number: tally.comment_count for number, tally in said.items() if number > then}
    if not after:
        return None
    return Later(sum(after.values()), list(after), paragraph_url(kin.home or kin.paragraph))


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
