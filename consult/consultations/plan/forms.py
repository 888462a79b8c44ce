"""What is typed into one section of a plan."""

from typing import Any

from wtforms import HiddenField, TextAreaField

from consult.consultations.plan.models import QUESTIONS, PlanAnswer, Question, Section
from consult.consultations.plan.words import QUESTION_WORDS
from consult.web.fields import Form, plain_text, strip, within

LONGEST_ANSWER = 3_000  # it is a plan of one page


class PlanForm(Form):
    """One field a question, of which a section keeps its own, and the edition that each writer began from."""

    def keep(self, section: Section, given: dict[Question, PlanAnswer]) -> None:
        """Leave out the questions of other sections, and fill in what is stored where nothing was sent."""
        self.questions = QUESTIONS[section]
        for question in Question:
            if question not in self.questions:
                del self[question.value], self[f"{question.value}_edition"]
            elif not self.is_submitted() and question in given:
                self[question.value].data = given[question].words
                self[f"{question.value}_edition"].data = str(given[question].edition)

    def typed(self) -> dict[Question, tuple[str, int]]:
        """Return each answer with the edition its writer began from; 0, where there was none, for nonsense."""
        return {question: (self[question.value].data, self._edition(question)) for question in self.questions}

    def begin_from(self, question: Question, edition: int) -> None:
        self[f"{question.value}_edition"].data = str(edition)

    def _edition(self, question: Question) -> int:
        given: Any = self[f"{question.value}_edition"].data or ""
        return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


for _question in Question:
    setattr(
        PlanForm,
        _question.value,
        TextAreaField(
            QUESTION_WORDS[_question], filters=[strip], validators=[within(LONGEST_ANSWER), plain_text]
        ),
    )
    setattr(PlanForm, f"{_question.value}_edition", HiddenField())
