"""What looks like spam, and by which signs. Pure.

One sign is enough where people hardly ever give it: a field filled that nobody sees, many links, the same words again
and again. That a form was sent at once is not enough: browsers give back what was typed, and some people paste. It
counts with a link.
"""

from consult.discussion.manner import Manner
from consult.moderation.holds.links import links_in

MANY_LINKS = 5  # more of them, to others than public bodies
TRAP, LINKS, QUICK, AGAIN = "trap", "links", "quick", "again"


def signs(text: str, how: str, *, approved: str = "") -> dict[str, int]:
    """Return the signs of spam in what somebody sent, with the number that belongs to each; empty where it is none.

    `how` is the manner in which it was sent (`discussion.manner`). Links that stand in `approved` words do not count.
    """
    manner = Manner.read(how)
    links = sum(text[link.start : link.end] not in approved for link in links_in(text))
    found: dict[str, int] = {}
    if manner.is_trapped:
        found[TRAP] = 1
    if manner.is_again:
        found[AGAIN] = 1
    if links > MANY_LINKS:
        found[LINKS] = links
    if manner.seconds is not None and (links or found):
        found = {LINKS: links, **found} if links else found
        found[QUICK] = manner.seconds
    return found
