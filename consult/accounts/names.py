"""Names that people give themselves: nobody poses as those who run the site, in whatever letters.

A private name is never compared with another private name: people share names, and may.
"""

from collections.abc import Iterable
from functools import cache

from flask_babel import gettext as _

from consult.accounts import queries
from consult.accounts.look_alikes import mixes_scripts, readings, skeleton
from consult.errors import Invalid
from consult.permissions import Actor

# Words that say who runs this, in English and Welsh. A name of nothing but these and of FILLERS is refused.
RESERVED = (
    "moderator moderators moderation mod mods admin admins administrator administrators administration "
    "official officials officially consult consultation staff support helpdesk helpline webmaster postmaster sysop "
    "system removed team teams cymedrolwr cymedrolwyr cymedroli gweinyddwr gweinyddwyr gweinyddol swyddogol swyddog "
    "swyddogion cymorth cefnogaeth tîm"
)
FILLERS = (
    "the a an our your this of for and at to by in from uk gov government account person name user site website "
    "web page service services help desk office officer unit department dept section group reply y yr"
)
BODIES = f"{FILLERS} team teams"  # words that names of bodies share
TITLES = "mr mrs ms miss mx dr prof professor sir dame lord lady rev cllr councillor"
NEVER_IN_A_NAME = (
    "moderator",
    "moderation",
    "administrator",
)  # nobody is called anything that has these in it
NEVER_A_WORD = ("admin", "admins", "official")  # but with others they may be part of a longer word
LEAST = 3  # letters that a shortened name must have left to tell one from another
LONG_ENOUGH = 10  # letters from which on a body's name is found inside another name


def refuse_posing(
    name: str, *, own: Actor | None = None, field: str = "name", is_given: bool = False
) -> None:
    """Refuse a person's name that could be taken for the site's, a body's or that of somebody who plays a part.

    `own` is whose name it becomes: their own part keeps nobody from their own name. `is_given` says that an
    administrator gives the name with a part, and two officials may be called the same. Raises Invalid for `field`.
    """
    _refuse_mixed(name, field)
    if (
        _is_reserved(name)
        or _holds_reserved(name)
        or _is_like_body(name, queries.names_of_bodies(), inside=True)
    ):
        raise Invalid(_("This name could be taken for the unit’s own. Choose another."), field=field)
    if not is_given and _is_like_person(name, queries.names_of_players(own.id if own else None)):
        raise Invalid(
            _(
                "Somebody who has a part in running this has the same name. "
                "If it is your name too, add a middle name or an initial."
            ),
            field=field,
        )


def refuse_posing_body(name: str, *, own: Actor | None = None, field: str = "on_behalf_of") -> None:
    """Refuse the name of an organisation that could be taken for one that consults here, save `own`'s.

    Less strict than for people: there are associations of administrators, and friends of a council.
    """
    _refuse_mixed(name, field)
    mine = {role.organisation_id for role in own.parts if role.organisation_id is not None} if own else set()
    if _is_reserved(name) or _is_like_body(name, queries.names_of_bodies(mine), inside=False):
        raise Invalid(_("This name could be taken for the unit’s own. Choose another."), field=field)


def _refuse_mixed(name: str, field: str) -> None:
    if mixes_scripts(name):
        raise Invalid(
            _("This name mixes letters of different alphabets in one word. Write each word in one alphabet."),
            field=field,
        )


def _is_reserved(name: str) -> bool:
    return any(_is_made_of_reserved(words) for words in _ways(name))


def _is_made_of_reserved(words: tuple[str, ...]) -> bool:
    known = _shapes(RESERVED)
    left = [word for word in words if word not in _shapes(f"{FILLERS} {TITLES}")]
    is_nothing_else = bool(left) and (all(word in known for word in left) or "".join(left) in known)
    return is_nothing_else or "".join(words) in known


def _holds_reserved(name: str) -> bool:
    for words in _ways(name):
        if any(word in _shapes(" ".join(NEVER_A_WORD)) for word in words):
            return True
        if any(skeleton(word) in "".join(words) for word in NEVER_IN_A_NAME):
            return True
    return False


def _is_like_body(name: str, bodies: Iterable[str], *, inside: bool) -> bool:
    """Say whether a name is that of a body, with or without what every body's name has; or holds it, `inside`."""
    shapes = {"".join(words) for words in _ways(name)} | {_essence(words) for words in _ways(name)}
    for body in bodies:
        whole, short = skeleton(body), _essence(readings(body)[0])
        if whole in shapes or (len(short) >= LEAST and short in shapes):
            return True
        if inside and len(whole) >= LONG_ENOUGH and any(whole in shape for shape in shapes):
            return True
    return False


def _is_like_person(name: str, people: Iterable[str]) -> bool:
    """Say whether a name is that of one of these people: in any order of its words, with or without titles."""
    shapes = {_bag(words) for words in _ways(name)}
    return any(_bag(readings(one)[0]) in shapes or skeleton(one) in _joined(name) for one in people)


def _bag(words: Iterable[str]) -> tuple[str, ...]:
    leave_out = _shapes(f"{TITLES} {RESERVED} {FILLERS}")
    in_order = sorted(words)
    return tuple(word for word in in_order if word not in leave_out) or tuple(in_order)


def _joined(name: str) -> set[str]:
    return {"".join(words) for words in _ways(name)}


def _essence(words: Iterable[str]) -> str:
    return "".join(word for word in words if word not in _shapes(BODIES))


def _ways(name: str) -> tuple[tuple[str, ...], ...]:
    """Return how a name can be read; one that has nothing to read in it is nobody's."""
    return tuple(words for words in readings(name) if words)


@cache
def _shapes(words: str) -> frozenset[str]:
    return frozenset(skeleton(word) for word in words.split())
