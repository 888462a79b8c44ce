"""Words with which a reply can begin. They are never sent as they are: what is in brackets is for a person to write."""

import re

from flask_babel import gettext as _

from consult.moderation.escalation.models import Danger

SLOT = re.compile(r"\[[^\[\]]+\]")


def beginning(danger: Danger) -> str:
    """Return words to go on from, for whoever writes to the author."""
    words = {
        Danger.LIFE: _(
            "I have read what you wrote here. [Say what you noticed, in your own words.] If you or somebody else is in "
            "danger now, please ring 999. [Say what you will do next, and by when.]"
        ),
        Danger.DISTRESS: _(
            "I have read what you wrote here. [Say what you noticed, in your own words.] If you would like to talk to "
            "somebody, Samaritans answer day and night, free, on 116 123. [Say what you will do next.]"
        ),
        Danger.SAFEGUARDING: _(
            "I have read what you wrote here. [Say what you noticed, in your own words.] If a child or somebody who "
            "cannot protect themself is in danger now, please ring 999. Children can ring Childline, free, on 0800 1111. "
            "[Say what you will do next.]"
        ),
    }
    return str(words[danger])


def is_untouched(reply: str, danger: Danger) -> bool:
    """Say whether a reply is still the words it began with, or has one of their brackets in it."""
    model = beginning(danger)
    return _flat(reply) == _flat(model) or any(_flat(slot) in _flat(reply) for slot in SLOT.findall(model))


def _flat(words: str) -> str:
    return " ".join(words.split()).casefold()
