"""What a bulk act may say."""

import re

from wtforms import HiddenField

from consult.moderation.forms import DecisionForm
from consult.moderation.several.actions import Seen
from consult.web.fields import text

ONE = re.compile(r"([A-Za-z0-9_-]{1,12})\.([0-9a-f]{16})")
LONGEST = 40 * 1_000  # characters: twice what a preview writes


class SeveralForm(DecisionForm):
    """A reason and a message for all, and what the preview showed: `Preview.these`."""

    these = HiddenField(filters=[text])

    def wanted(self) -> list[Seen]:
        """Return each comment once, as the preview showed it."""
        words = (self.these.data or "")[:LONGEST].split()
        found = {one[1]: Seen(one[1], one[2]) for one in map(ONE.fullmatch, words) if one}
        return list(found.values())
