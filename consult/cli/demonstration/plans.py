"""What units plan and which guidance they followed, as the demonstration tells it."""

from consult.cli.demonstration import reading
from consult.cli.demonstration.story import Story
from consult.consultations.plan import actions as plan
from consult.consultations.plan.models import Question
from consult.toolkit.followed import actions as followed
from consult.toolkit.followed import queries


def write(story: Story) -> None:
    """Let the unit write its plan before it opens: what is left empty is an open end of one still prepared."""
    answers = reading.plan(story.said["slug"]).get("answers", {})
    plan.answer_questions(
        actor=story.author(),
        consultation=story.consultation,
        typed={Question(name): (words, 0) for name, words in answers.items()},
    )


def say_followed(stories: list[Story]) -> None:
    """Let units say which guidance they followed, once the toolkit is there."""
    ids = {page.slug: page.id for page in queries.guidance()}
    for story in stories:
        guidance = reading.plan(story.said["slug"]).get("guidance")
        if guidance:
            followed.say_followed(
                actor=story.author(),
                consultation=story.consultation,
                based_on=queries.state_of(()),
                followed={ids[slug]: how for slug, how in guidance.items()},
            )
