"""Fills an empty database with the demonstration, by replaying its history through the real actions.

The clock is set to each event's moment, so that states, decisions, counts and record are what they would be had
it all happened; nothing is written past the rules.
"""

from datetime import timedelta
from pathlib import Path

from consult import clock, config
from consult.accounts import queries as accounts
from consult.cli.demonstration import case_study, desks, follows, neglect, people, plans, reading, suggested
from consult.cli.demonstration.exercise import Exercise
from consult.cli.demonstration.letters import Letters
from consult.cli.demonstration.reading import Calendar
from consult.cli.demonstration.remarks import talk_of_a_page
from consult.cli.demonstration.story import Story
from consult.cli.demonstration.talk import Talk
from consult.cli.demonstration.texts import Texts
from consult.cli.demonstration.unfinished import leave_unfinished
from consult.errors import Conflict
from consult.extensions import transaction
from consult.search import indexing
from consult.toolkit import seeding


def fill(settings: config.Settings) -> None:
    """Fill the database. Raises Conflict when there is a site in it already."""
    if accounts.site_or_none() is not None:
        raise Conflict("There is a site in this database already. A demonstration needs an empty one.")
    calendar = Calendar(clock.now(), settings.timezone)
    try:
        with transaction():
            clock.replace(lambda: calendar.now - timedelta(days=400))
            cast = people.bring_in(Path(settings.instance))
            stories = [Story(said, cast, calendar) for said in reading.consultations()]
            for story in stories:
                _replay(story)
            clock.replace(lambda: calendar.now - timedelta(hours=1))
            desks.set_desks()
            clock.replace(None)
            people.set_elections(cast, calendar.today)
            leave_unfinished()
            clock.replace(lambda: calendar.now - timedelta(days=30))
            editor = cast.people[cast.said["demo_accounts"]["editor"]]
            seeding.seed(owner_id=editor.id)
            talk_of_a_page(cast, calendar)
            clock.replace(None)
            case_study.tell(calendar, editor.id)
            plans.say_followed(stories)
            follows.begin(cast)
            neglect.neglect(calendar)
            suggested.suggest(cast, calendar)
            indexing.reindex()  # one history was told after the other; what is found is shown newest first
    finally:
        clock.replace(None)


def _replay(story: Story) -> None:
    """Let everything happen in one consultation."""
    exercise, texts = Exercise(story), Texts(story)
    exercise.plan_creation()
    texts.plan()
    exercise.plan_opening()
    Talk(story, texts).plan()
    Letters(story, texts).plan()
    exercise.plan_end()
    story.replay()
