"""A draft under consultation, somebody who comments, and somebody who moderates."""

from consult.consultations.models import Policy
from consult.discussion import actions as discussion
from consult.discussion.models import Comment
from consult.documents import actions as documents
from consult.documents import page_queries, paragraph_queries
from consult.extensions import transaction
from tests import factories

SOURCE = "## Width\n\nThe clear width is 2.0 metres.\n\nBoards stand against the building."


class Scene:
    """One published draft of two paragraphs, and the people around it."""

    def __init__(self, policy: Policy = Policy.AFTER) -> None:
        factories.a_site()
        self.unit = factories.a_unit()
        self.organisation = self.unit.organisation
        self.official = factories.an_official(self.unit)
        self.moderator = factories.a_moderator(self.organisation)
        self.citizen = factories.a_person(name="Priya")
        self.consultation = factories.a_consultation(self.unit, policy=policy)
        self.document = factories.a_document(self.consultation)
        with transaction():
            documents.publish_version(
                actor=self.official, document=self.document, source=SOURCE, note="First."
            )
        rows = page_queries.blocks(self.document.current_version_id)
        self.key = next(row.key for row in rows if row.kind == "p")

    @property
    def paragraph(self):
        return paragraph_queries.paragraph(self.document, self.key)

    def says(self, words: str, **how) -> Comment:
        """Let the citizen, or whoever is named, post a comment on the first paragraph."""
        with transaction():
            return discussion.post_comment(
                actor=how.pop("actor", self.citizen), paragraph=self.paragraph, body=words, **how
            )
