"""What people of the demonstration say about one page of the toolkit: at a paragraph, and about the whole of it."""

from datetime import timedelta

from consult import clock
from consult.cli.demonstration.people import Cast
from consult.cli.demonstration.reading import Calendar
from consult.discussion import actions as discussion
from consult.discussion.models import Comment, State
from consult.documents import paragraph_queries
from consult.documents.models import WHOLE, Document
from consult.toolkit import queries as pages
from consult.toolkit.talk import actions, queries

PAGE = "finding-communities"
# days ago, who, at the first paragraph or about the whole page, what they say; what answers hangs on the one before
SAID = (
    (
        9,
        "kofi",
        "first",
        "Group chats are where our street talks, and nobody outside can see them. Could the page say how to be let in? We would not want an official to join without a word.",
    ),
    (
        8,
        "oona-petherick",
        "reply",
        "Agreed. The next page says it for forums, and not for chats. I will add that you ask whoever runs it, and let them pass your question on if they would rather.",
    ),
    (
        5,
        "tom-ashdown",
        "whole",
        "We used these places for the footways draft and found eleven groups in two days. What we lacked was a form to note when each was last asked, so that nobody is asked every month.",
    ),
    (3, "oona-petherick", "reply", "Send me yours, and I will put a model of it here."),
)


def talk_of_a_page(cast: Cast, calendar: Calendar) -> None:
    """Let two short threads stand about one page. What is not an editor's a moderator has let through."""
    clock.replace(lambda: calendar.now - timedelta(days=10))
    page = pages.page(PAGE)
    document: Document = actions.open_talk(actor=cast.people["kofi"], page=page).document
    keys = {
        "whole": WHOLE,
        "first": next(key for kind, key, _plain in queries.words(document) if kind == "p"),
    }
    top: Comment | None = None
    for days, who, place, body in SAID:
        moment = calendar.now - timedelta(days=days)
        clock.replace(lambda moment=moment: moment)  # type: ignore[misc]
        if place in keys:
            top, where = None, paragraph_queries.paragraph(document, keys[place])
        said = discussion.post_comment(actor=cast.people[who], paragraph=where, body=body, parent=top)
        if said.state is State.WAITING:
            moderator = cast.moderator_of(document.consultation.unit.organisation)
            discussion.change_state(actor=moderator, comment=said, after=State.PUBLISHED)
        top = said
