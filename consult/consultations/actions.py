"""What is done to a consultation: begin it, write its statements, open, extend, analyse, finish, withdraw."""

from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _

from consult import announcements, audit, clock
from consult.accounts import queries as accounts
from consult.accounts.models import Unit
from consult.consultations.election_models import Effect
from consult.consultations.election_queries import calendar, in_force
from consult.consultations.election_words import election_on, until
from consult.consultations.models import Consultation, Extension, Policy, Stage
from consult.consultations.queries import is_slug_taken
from consult.consultations.slugs import is_slug
from consult.consultations.stages import Standing, standing
from consult.consultations.statements import missing_statements
from consult.errors import Closed, Conflict, Invalid
from consult.extensions import db
from consult.permissions import May, require

LOOK = (
    "look_hours",
    "look_counts_work",
)  # the promise about moderation: it holds for what comes in from then on
REVISABLE = (
    *("title", "slug", "summary", "policy", "aims", "who_reads", "what_happens", "post_address", "telephone"),
    *("easy_read", "bsl", "large_print", "welsh", "opens_at", "closes_at", "asks_equality"),
    *LOOK,
)
FIXED_ONCE_PUBLIC = ("slug",)  # addresses that people may have kept
FIXED_ONCE_OPEN = (
    "slug",
    "policy",
    "opens_at",
    "closes_at",
    "asks_equality",
)  # what people were promised when they wrote
ENDED = (Stage.OUTCOME, Stage.WITHDRAWN)


def create_consultation(*, actor: Any, unit: Unit, title: str, slug: str, summary: str = "") -> Consultation:
    """Begin a consultation that only its unit can see."""
    _permit(actor, unit)
    _check_slug(slug)
    made = Consultation(
        unit=unit,
        organisation_id=unit.organisation_id,
        slug=slug,
        title=title,
        summary=summary,
        policy=Policy.BEFORE,
        created_at=clock.now(),
        created_by=_id(actor),
    )
    db.session.add(made)
    db.session.flush()
    _record("consultation.create", made, actor, after=Stage.PREPARING)
    return made


def revise_consultation(
    *, actor: Any, consultation: Consultation, based_on: int, values: Mapping[str, Any]
) -> Consultation:
    """Write what a consultation says of itself.

    `based_on` is the edition that the writer began from: when somebody saved since, Conflict carries what is
    stored and what was typed, field by field. What people were promised when it opened is not changed here.
    """
    _permit(actor, consultation)
    fixed = _fixed_fields(consultation, clock.now())
    changed = {
        name: value
        for name, value in values.items()
        if name in REVISABLE and name not in fixed and getattr(consultation, name) != value
    }
    if consultation.edition != based_on and changed:
        theirs = {name: getattr(consultation, name) for name in changed}
        raise Conflict(_("Somebody saved this before you."), theirs=theirs, yours=changed)
    _check_revision(consultation, changed)
    if not changed:
        return consultation
    for name, value in changed.items():
        setattr(consultation, name, value)
    consultation.edition += 1
    _raise_stamp(consultation)
    _record("consultation.revise", consultation, actor)
    if any(name in changed for name in LOOK):
        _record("consultation.promise_look", consultation, actor, reason=_look_as_recorded(consultation))
    return consultation


def _look_as_recorded(consultation: Consultation) -> str:
    return f"{consultation.look_hours} {'working' if consultation.look_counts_work else 'clock'} hours"


def open_consultation(
    *,
    actor: Any,
    consultation: Consultation,
    stage: Stage,
    opens_at: datetime | None,
    has_text: bool,
) -> None:
    """Open now (`opens_at` None), or announce it to open by itself at a set time.

    `has_text` says whether a document is published: only a higher room knows. Refused while a statement, a
    text or a later closing is missing, or while the site itself is not ready.
    """
    _permit(actor, consultation)
    if standing(consultation, clock.now()) not in (Standing.PREPARING, Standing.COMING):
        raise Closed(_("This consultation has been opened already."))
    site_misses = accounts.missing_to_open([consultation.organisation_id])
    if missing_statements(consultation) or not has_text or site_misses:
        raise Invalid(_("It cannot open yet. What is missing is listed below."))
    opening = opens_at or clock.now()
    _check_election(consultation, opening, now=opens_at is None)
    if consultation.closes_at is None or consultation.closes_at <= opening:
        raise Invalid(_("Set a closing date that is later than the opening."), field="closes_on")
    before = consultation.stage
    consultation.stage = stage if stage is Stage.EARLY_IDEA else Stage.OPEN
    consultation.opens_at = opening
    consultation.edition += 1
    _raise_stamp(consultation)
    _record("consultation.open", consultation, actor, before=before, after=consultation.stage)


def extend_closing(*, actor: Any, consultation: Consultation, closes_at: datetime, reason: str) -> Extension:
    """Let people comment for longer; the reason is shown. Only later than before, and than now."""
    _permit(actor, consultation)
    now = clock.now()
    before = consultation.closes_at
    if standing(consultation, now) not in (Standing.COMING, Standing.OPEN, Standing.CLOSED) or before is None:
        raise Closed(_("The closing date of this consultation can no longer be changed."))
    if consultation.stage is Stage.ANALYSING:
        raise Closed(_("The answers are being read: the closing date can no longer be changed."))
    if closes_at <= before:
        raise Invalid(_("The new closing must be later than the one before"), field="closes_on")
    if closes_at <= now:
        raise Invalid(_("The new closing must be in the future"), field="closes_on")
    extension = Extension(
        consultation_id=consultation.id,
        before=before,
        after=closes_at,
        reason=reason,
        decided_at=now,
        decided_by=_id(actor),
    )
    db.session.add(extension)
    consultation.closes_at = closes_at
    _raise_stamp(consultation)
    _record("consultation.extend", consultation, actor)
    return extension


def begin_analysis(*, actor: Any, consultation: Consultation) -> None:
    """Say that the comments are being read: only once it has closed."""
    _permit(actor, consultation)
    if consultation.stage is Stage.ANALYSING:
        return
    if standing(consultation, clock.now()) is not Standing.CLOSED:
        raise Closed(_("This can be done once the consultation has closed."))
    _move(consultation, Stage.ANALYSING, "consultation.analyse", actor)


def publish_outcome(*, actor: Any, consultation: Consultation, source: str, html: str) -> bool:
    """Say what was decided. `html` is what `text.markdown` made of `source`. A later call corrects the words.

    Returns False where outcomes are held before an election: it is kept, and published by itself after.
    """
    _permit(actor, consultation)
    now = clock.now()
    if standing(consultation, now) not in (Standing.CLOSED, Standing.OUTCOME):
        raise Closed(_("The outcome can be published once the consultation has closed."))
    is_new = consultation.stage is not Stage.OUTCOME
    if is_new and in_force(consultation.organisation_id, Effect.HOLD_ANSWERS, now) is not None:
        consultation.held_outcome, consultation.held_outcome_html = source, html
        _record("consultation.hold_outcome", consultation, actor, reason="election")
        return False
    consultation.outcome, consultation.outcome_html = source, html
    consultation.held_outcome = consultation.held_outcome_html = ""
    consultation.outcome_at = consultation.outcome_at or now
    _move(consultation, Stage.OUTCOME, "consultation.outcome", actor)
    return True


def drop_held_outcome(*, actor: Any, consultation: Consultation) -> None:
    """Let an outcome that is held not be published by itself; whoever wrote it begins anew."""
    _permit(actor, consultation)
    if consultation.held_outcome:
        consultation.held_outcome = consultation.held_outcome_html = ""
        _record("consultation.drop_held_outcome", consultation, actor, reason="election")


def withdraw_consultation(*, actor: Any, consultation: Consultation, reason: str) -> None:
    """End it before its time. Everything stays readable, the comments stay, and the reason is shown."""
    _permit(actor, consultation)
    if consultation.stage in (Stage.PREPARING, *ENDED):
        raise Closed(_("This consultation cannot be withdrawn."))
    consultation.withdrawn_reason = reason
    consultation.withdrawn_at = clock.now()
    _move(consultation, Stage.WITHDRAWN, "consultation.withdraw", actor)


def _permit(actor: Any, thing: Any) -> None:
    """Let officials of the unit in, and the service itself (None): the command line fills a demonstration."""
    if actor is not None:
        require(May.RUN_CONSULTATION, actor, thing)


def _id(actor: Any) -> int | None:
    return None if actor is None else int(actor.id)


def _move(consultation: Consultation, stage: Stage, act: str, actor: Any) -> None:
    before = consultation.stage
    consultation.stage = stage
    _raise_stamp(consultation)
    _record(act, consultation, actor, before=before, after=stage)


def _fixed_fields(consultation: Consultation, now: datetime) -> tuple[str, ...]:
    """Return the fields that may no longer be revised."""
    where = standing(consultation, now)
    if where is Standing.PREPARING:
        return ()
    return FIXED_ONCE_PUBLIC if where is Standing.COMING else FIXED_ONCE_OPEN


def _check_revision(consultation: Consultation, changed: Mapping[str, Any]) -> None:
    if "slug" in changed:
        _check_slug(changed["slug"])
    opens_at = changed.get("opens_at", consultation.opens_at)
    closes_at = changed.get("closes_at", consultation.closes_at)
    if opens_at and closes_at and closes_at <= opens_at:
        raise Invalid(_("It must close later than it opens"), field="closes_on")
    if consultation.stage is Stage.PREPARING:
        return
    after = {name: changed.get(name, getattr(consultation, name)) for name in REVISABLE}
    if missing_statements(SimpleNamespace(**after)):
        raise Invalid(_("This has been announced, so none of the statements can be left empty."))
    if opens_at is None or closes_at is None:
        raise Invalid(_("This has been announced, so it must have both dates"), field="closes_on")
    if "opens_at" in changed and opens_at > clock.now():
        _check_election(consultation, opens_at)
    if "opens_at" in changed and accounts.missing_to_open([consultation.organisation_id]):
        raise Invalid(_("The site is not ready for anything to open. An administrator sees what is missing."))


def _check_election(consultation: Consultation, opening: datetime, *, now: bool = False) -> None:
    """Refuse an opening in a time in which the organisation opens nothing new, and say until when that is."""
    held = calendar([consultation.organisation_id])
    period, day = held.period(consultation.organisation_id, opening), held.day(opening)
    switch = None if period is None else period.in_force(Effect.OPEN_NOTHING, day)
    if period is None or switch is None:
        return
    today = held.day(clock.now())
    message = _(
        "%(election)s Nothing new opens until after %(until)s. Choose a later day and it opens by itself",
        election=election_on(period, today),
        until=until(switch, today),
    )
    raise Invalid(message, field="when" if now else "opens_on")


def _check_slug(slug: str) -> None:
    if not is_slug(slug):
        raise Invalid(_("Choose another address: this one has a meaning of its own"), field="slug")
    if is_slug_taken(slug):
        raise Invalid(_("Another consultation has this address: choose another"), field="slug")


def _raise_stamp(consultation: Consultation) -> None:
    """Raise the stamp in SQL, so that a comment posted at the same moment raises it too."""
    consultation.stamp = Consultation.stamp + 1
    db.session.flush()


def _record(
    act: str,
    consultation: Consultation,
    actor: Any,
    *,
    before: Stage | None = None,
    after: Stage | None = None,
    reason: str = "",
) -> None:
    audit.record(
        act,
        f"consultation:{consultation.id}",
        actor_id=_id(actor),
        organisation_id=consultation.organisation_id,
        before=before.value if before else "",
        after=after.value if after else "",
        reason=reason,
    )
    announcements.consultation_changed.send(
        "consultations", consultation=consultation, actor=actor, act=act, before=before, after=after
    )
