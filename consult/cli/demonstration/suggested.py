"""What people of the demonstration suggested for the toolkit: two suggestions wait for an editor, one is accepted."""

from datetime import timedelta

from consult import clock
from consult.accounts.models import Part, Person
from consult.cli.demonstration.people import Cast
from consult.cli.demonstration.reading import Calendar
from consult.toolkit import queries
from consult.toolkit.actions import Wording
from consult.toolkit.rendering import rendered
from consult.toolkit.suggestions import actions
from consult.toolkit.suggestions.models import Suggestion

WAITING = (  # page, before which line what is added, why, how many hours ago
    (
        "answering-well",
        "## Signs of a monologue",
        "- Did somebody else read it who has not seen the draft?\n\n",
        "We answer better since a colleague from another team reads each reply first.",
        70,
    ),
    (
        "inviting-quiet-voices",
        "## Sources",
        "Ask at the end who is missing, and whom they would ask. People name each other.\n\n",
        "The last line of every meeting we held, and it found us two groups that nobody had on a list.",
        20,
    ),
)
ACCEPTED = (
    "writing-a-commentable-draft",
    "## Sources",
    "Read it aloud once before you publish. Where you have to take breath twice, divide the sentence.\n\n",
    "It costs ten minutes, and it found nine sentences in our last draft.",
    48,
)


def suggest(cast: Cast, calendar: Calendar) -> None:
    """Let two people suggest something, and an editor accept what one of them said."""
    citizen = cast.people[cast.said["demo_accounts"]["citizen"]]
    official = cast.people[cast.said["demo_accounts"]["official"]]
    editor = next(person for person in cast.people.values() if person.plays(Part.EDITOR))
    for person, said in zip((citizen, official), WAITING, strict=True):
        _suggest(person, said, calendar)
    made, text = _suggest(citizen, ACCEPTED, calendar)
    clock.replace(None)
    page = queries.page(ACCEPTED[0])
    actions.accept(
        actor=editor,
        suggestion=made,
        wording=Wording(made.title, made.summary, rendered(text), actions.note_from(made.why)),
        seen=page.revision_count,
        word="Thank you: we read it aloud, and it is true.",
    )


def _suggest(
    person: Person, said: tuple[str, str, str, str, int], calendar: Calendar
) -> tuple[Suggestion, str]:
    slug, before, added, why, hours = said
    clock.replace(lambda: calendar.now - timedelta(hours=hours))
    page = queries.page(slug)
    stands = queries.revision(page.id, page.revision_count)
    at = stands.source.rindex(before)
    source = stands.source[:at] + added + stands.source[at:]
    made = actions.suggest_change(
        actor=person,
        page=page,
        wording=Wording(stands.title, stands.summary, rendered(source)),
        why=why,
        based_on=page.revision_count,
    )
    return made, source
