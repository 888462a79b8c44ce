"""Who may do what: one table of named rules. Nobody may do what no rule allows.

A rule takes the actor and the thing. Without a thing it answers in general ("does this person answer for any
unit?"), which is how a route guards its door before it knows the thing; the action asks again with the thing.
The thing is anything that has, or whose consultation has, `unit_id` and `organisation_id`.
"""

import enum
from collections.abc import Callable
from typing import Any

from consult.accounts.models import Part, Person
from consult.errors import NotAllowed

Rule = Callable[[Any, Any], bool]


class Anyone:
    """Somebody who is not signed in."""

    id = None
    name = ""
    email = ""
    roles: tuple[()] = ()
    parts: tuple[()] = ()
    is_guest = False
    is_held_back = False
    is_authenticated = False
    is_anonymous = True
    is_active = False
    is_confirmed = False

    def get_id(self) -> None:
        return None

    def plays(self, part: Part, **where: int | None) -> bool:
        return False


Actor = Person | Anyone


def anyone(actor: Any, thing: Any) -> bool:
    return True


def signed_in(actor: Any, thing: Any) -> bool:
    return bool(actor.is_authenticated)


def known(actor: Any, thing: Any) -> bool:
    """Somebody with an account, or a guest whose browser opened the link in a mail."""
    return actor.id is not None


def confirmed(actor: Any, thing: Any) -> bool:
    """The person has followed the link in the mail, so an answer can reach them."""
    return bool(actor.is_confirmed)


def author(actor: Any, thing: Any) -> bool:
    return thing is None or (actor.id is not None and thing.author_id == actor.id)


def official_of_unit(actor: Any, thing: Any) -> bool:
    return bool(actor.plays(Part.OFFICIAL, unit_id=_of(thing, "unit_id")))


def clears_in_organisation(actor: Any, thing: Any) -> bool:
    """An official who was given it to clear answers before they are out, in the organisation whose unit it is."""
    organisation_id = _of(thing, "organisation_id")
    return any(role.may_clear and role.covers(Part.OFFICIAL, None, organisation_id) for role in actor.parts)


def was_recorded(actor: Any, thing: Any) -> bool:
    """It did not come by this site: an official wrote it down."""
    return thing is None or thing.recorded_by is not None


def was_for_everybody(actor: Any, thing: Any) -> bool:
    """It was not sent only to the team: what is no comment never was."""
    return not getattr(thing, "is_team_only", False)


def of_no_page(actor: Any, thing: Any) -> bool:
    """It is no talk about a page of the toolkit: there officials answer, ask and run no more than everybody."""
    consultation = getattr(getattr(thing, "document", thing), "consultation", thing)
    return not getattr(consultation, "is_toolkit", False)


def moderator_of_organisation(actor: Any, thing: Any) -> bool:
    return bool(actor.plays(Part.MODERATOR, organisation_id=_of(thing, "organisation_id")))


def editor(actor: Any, thing: Any) -> bool:
    return bool(actor.plays(Part.EDITOR))


def administrator(actor: Any, thing: Any) -> bool:
    """Of the organisation the thing belongs to, or of the whole site."""
    return bool(actor.plays(Part.ADMINISTRATOR, organisation_id=_of(thing, "organisation_id")))


def site_administrator(actor: Any, thing: Any) -> bool:
    return any(role.part is Part.ADMINISTRATOR and role.organisation_id is None for role in actor.parts)


class May(enum.Enum):
    """What can be done here."""

    ADMINISTER = "administer people, units and roles"
    ANSWER = "answer in the unit's name"
    BEGIN_COMMENT = "write a comment, which counts once its author is known"
    CLEAR = "clear answers before they are out"
    CLAIM = "take into one's account what one wrote as a guest"
    COMMENT = "comment"
    CORRECT = "correct or withdraw one's own comment"
    DECIDE = "decide on comments"
    ERASE = "erase the text of a comment, which takes two people"
    EDIT_TOOLKIT = "edit the toolkit"
    FOLLOW = "follow something by email"
    HOLD_ACCOUNT = "see one's own account"
    LIST_WORDS = "list the words at which a moderator looks first"
    MARK_QUESTION = "mark somebody's comment as a question"
    MEND_RECORD = "correct or withdraw what an official wrote down"
    OBJECT = "say whether an answer answers one's own question"
    READ = "read what is public"
    RECORD = "write down a response that came in another way"
    REMOVE_SEARCHES = "remove words from the searches that found nothing"
    REPORT = "report a comment"
    RUN_CONSULTATION = "write and publish for a unit"
    SET_HOLDS = "say for what comments wait"
    SEE_OWN_DATA = "see, take away and delete what is held about oneself"
    SET_UP_SITE = "set up the site"
    SUGGEST = "suggest a change to the toolkit"


# Any one tuple is enough; all rules in it must hold.
TABLE: dict[May, tuple[tuple[Rule, ...], ...]] = {
    May.ADMINISTER: ((administrator,),),
    May.ANSWER: ((official_of_unit, of_no_page),),
    May.BEGIN_COMMENT: ((anyone,),),
    May.CLEAR: ((clears_in_organisation,),),
    May.CLAIM: ((signed_in, confirmed),),
    May.COMMENT: ((known, confirmed),),
    May.CORRECT: ((known, author),),
    May.DECIDE: ((moderator_of_organisation,),),
    May.ERASE: ((moderator_of_organisation, was_for_everybody), (administrator, was_for_everybody)),
    May.EDIT_TOOLKIT: ((editor,),),
    May.FOLLOW: ((anyone,),),
    May.HOLD_ACCOUNT: ((signed_in,),),
    May.LIST_WORDS: ((official_of_unit,), (administrator,)),
    May.MARK_QUESTION: (
        (official_of_unit, of_no_page),
        (moderator_of_organisation, was_for_everybody, of_no_page),
    ),
    May.MEND_RECORD: ((official_of_unit, was_recorded, of_no_page),),
    May.OBJECT: ((known, author),),
    May.READ: ((anyone,),),
    May.RECORD: ((official_of_unit, of_no_page),),
    May.REMOVE_SEARCHES: ((editor,), (site_administrator,)),
    May.REPORT: ((anyone,),),
    May.RUN_CONSULTATION: ((official_of_unit, of_no_page),),
    May.SET_HOLDS: ((official_of_unit, of_no_page), (moderator_of_organisation, of_no_page)),
    May.SEE_OWN_DATA: ((known,),),
    May.SET_UP_SITE: ((site_administrator,),),
    May.SUGGEST: ((signed_in, confirmed),),
}


def allows(may: May, actor: Any, thing: Any = None) -> bool:
    """Say whether `actor` may do it, to `thing` or in general."""
    return any(all(rule(actor, thing) for rule in rules) for rules in TABLE[may])


def require(may: May, actor: Any, thing: Any = None) -> None:
    """Raise NotAllowed unless `actor` may do it to `thing`."""
    if not allows(may, actor, thing):
        raise NotAllowed


def _of(thing: Any, name: str) -> int | None:
    """Return the unit or organisation of a thing, looking through its document and consultation."""
    if thing is None:
        return None
    for step in (thing, getattr(thing, "consultation", None), getattr(thing, "document", None)):
        if step is None:
            continue
        if getattr(step, name, None) is not None:
            return int(getattr(step, name))
        if getattr(step, "consultation", None) is not None:
            return int(getattr(step.consultation, name))
    raise LookupError(f"{type(thing).__name__} belongs to no {name}")
