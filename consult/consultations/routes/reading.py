"""What everybody can read: the first page, all consultations, one of them, and the bodies that run them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response, render_template, request

from consult import clock, promises
from consult.accounts import queries as accounts
from consult.consultations import queries
from consult.consultations.cards import Card, by_step, cards_of
from consult.consultations.election_models import Effect
from consult.consultations.election_queries import organisations_with
from consult.consultations.equality import totals_are_out
from consult.consultations.models import Consultation
from consult.consultations.plan import queries as plans
from consult.consultations.queries import PAGE, Listed
from consult.consultations.routes.blueprint import bp, zone
from consult.consultations.stages import Standing, days_overdue, outcome_due, standing, step
from consult.consultations.statements import missing_statements
from consult.documents import listings as documents
from consult.errors import NotFound
from consult.moderation import pace
from consult.monitor import strips
from consult.permissions import May, allows
from consult.text.markdown import stored_html
from consult.toolkit.followed import queries as followed
from consult.web import access
from consult.web.access import needs
from consult.web.conditional import answer_alike

FEW = 5  # of each standing on the page of all
USUAL_PROMISE = 5  # working days, while no unit has said otherwise


@bp.get("/")
@needs(May.READ)
def home() -> Response:
    is_newest_first = request.args.get("sort") == "new"
    now = clock.now()
    tally = queries.tally(now)
    place = "/?sort=new" if is_newest_first else "/"
    return answer_alike((tally,), lambda: _home(now, tally, is_newest_first), place=place)


def _home(now: datetime, tally: queries.Tally, is_newest_first: bool) -> str:
    site = accounts.site()
    quiet = organisations_with(Effect.SEND_NO_MAILS, now)
    rows = queries.front(now, is_newest_first=is_newest_first, quiet=quiet)
    cards = _cards(rows, now, with_talk=True)
    steps = by_step(cards[Standing.OPEN])
    everything = [row for some in rows.values() for row in some]
    return render_template(
        "consultations/home.html",
        site=site,
        steps=steps,
        coming=cards[Standing.COMING],
        decided=cards[Standing.OUTCOME],
        counts=tally.counts,
        shown=sum(len(some) for _step, some in steps),
        is_newest_first=is_newest_first,
        organisations=queries.organisation_names(),
        promise=promises.sentence_of((row.promise_days for row in everything), USUAL_PROMISE),
        S=Standing,
    )


@bp.get("/consultations")
@needs(May.READ)
def index() -> Response:
    now, who = clock.now(), access.actor()
    tally = queries.tally(now)
    chosen = _standing(request.args.get("standing", ""))
    after = request.args.get("after", "") if chosen else ""
    rows = (
        queries.standing_at(chosen, now, after=after, unit_ids=_unit_ids(who)) if after and chosen else None
    )
    place = f"/consultations?standing={chosen.value if chosen else ''}&after={after}"
    return answer_alike((tally,), lambda: _index(now, tally, chosen, after, rows), place=place)


def _standing(name: str) -> Standing | None:
    """Return the standing that the address asks for; None for all of them."""
    if name and name not in {standing.value for standing in Standing}:
        raise NotFound
    return Standing(name) if name else None


def _index(
    now: datetime, tally: queries.Tally, chosen: Standing | None, after: str, rows: list[Listed] | None
) -> str:
    unit_ids = _unit_ids(access.actor())
    if chosen is None:
        found = queries.first_of_each(now, limit=FEW, unit_ids=unit_ids)
    else:
        found = {chosen: rows or queries.standing_at(chosen, now, after=after, unit_ids=unit_ids)}
    last = chosen and _last(found[chosen])
    counts = {**tally.counts, Standing.PREPARING: len(found.get(Standing.PREPARING, ()))}
    cards = _cards({standing: some[:PAGE] for standing, some in found.items()}, now)
    return render_template(
        "consultations/index.html",
        cards=cards,
        counts=counts,
        chosen=chosen,
        after=after,
        last=last,
        S=Standing,
    )


@bp.get("/consultations/<string:slug>")
@needs(May.READ)
def overview(slug: str) -> Response:
    about = queries.readable_consultation(slug, actor=access.actor())
    now, unit = clock.now(), about.unit
    officials, look = queries.officials_of(about.unit_id), pace.figure(about.id, now)
    guidance = followed.followed_by(about.id)
    stamps = (
        about.stamp,
        accounts.site().stamp,
        standing(about, now),
        unit.name,
        unit.promise_days,
        officials,
        look,
        guidance,
    )
    return answer_alike(stamps, lambda: _overview(about, officials, look, guidance, now))


def _overview(
    about: Consultation,
    officials: list[tuple[str, str]],
    look: pace.Figure,
    guidance: tuple[followed.Followed, ...],
    now: datetime,
) -> str:
    site = accounts.site()
    is_ours = allows(May.RUN_CONSULTATION, access.actor(), about)
    listed = documents.documents_of([about.id], with_unpublished=is_ours)[about.id]
    version = max((document.version_count for document in listed), default=0)
    is_read = about.comment_count > 0 and standing(about, now) not in (Standing.PREPARING, Standing.COMING)
    return render_template(
        "consultations/overview.html",
        site=site,
        about=about,
        officials=officials,
        look=look,
        guidance=guidance,
        has_plan=plans.is_written(about.id),
        documents=listed,
        versions=documents.versions_of(about.id),
        step=step(about, version),
        standing=standing(about, now),
        due=outcome_due(about.closes_at, zone()) if about.closes_at else None,
        overdue=days_overdue(about.closes_at, now, zone()),
        strips=strips.of_documents([row.id for row in listed]) if is_read else [],
        outcome=stored_html(about.outcome_html),
        is_ours=is_ours,
        equality_is_out=totals_are_out(about, now),
        missing=missing_statements(about) if is_ours else [],
        S=Standing,
    )


@bp.get("/units/<string:slug>")
@needs(May.READ)
def unit(slug: str) -> Response:
    now, found = clock.now(), accounts.unit(slug)
    is_ours = allows(May.RUN_CONSULTATION, access.actor(), found)
    after = request.args.get("after", "")
    rows = queries.run_by_unit(found.id, after=after, with_prepared=is_ours)
    officials = queries.officials_of(found.id)

    def build() -> str:
        return render_template(
            "consultations/unit.html",
            unit=found,
            officials=officials,
            cards=_cards({Standing.OPEN: rows[:PAGE]}, now)[Standing.OPEN],
            last=_last(rows),
            after=after,
            is_ours=is_ours,
        )

    return answer_alike((queries.tally(now), officials), build, place=f"{request.path}?after={after}")


@bp.get("/organisations/<string:slug>")
@needs(May.READ)
def organisation(slug: str) -> Response:
    now, found = clock.now(), accounts.organisation(slug)
    after = request.args.get("after", "")
    rows = queries.run_by_organisation(found.id, after=after)

    def build() -> str:
        return render_template(
            "consultations/organisation.html",
            organisation=found,
            units=queries.units_in(found.id),
            cards=_cards({Standing.OPEN: rows[:PAGE]}, now)[Standing.OPEN],
            last=_last(rows),
            after=after,
        )

    return answer_alike((queries.tally(now),), build, place=f"{request.path}?after={after}")


def _cards(
    rows: Mapping[Standing, list[Listed]], now: datetime, *, with_talk: bool = False
) -> dict[Standing, list[Card]]:
    """Dress the rows of every list on a page at once: two reads, however many rows there are."""
    everything = [row for some in rows.values() for row in some]
    texts = documents.documents_of([row.id for row in everything])
    talked_of = [row.id for row in rows.get(Standing.OPEN, ()) if row.comment_count] if with_talk else []
    talk = documents.talk_in(talked_of)
    return {standing: cards_of(some, texts, talk, now) for standing, some in rows.items()}


def _last(rows: list[Listed]) -> str:
    """Return the slug that the next page comes after; "" on the last page."""
    return str(rows[PAGE - 1].slug) if len(rows) > PAGE else ""


def _unit_ids(who: Any) -> list[int]:
    return [unit.id for unit in queries.units_of(who)]
