"""Pages of campaigns: for moderators, who decide on a group at once, and for officials, who answer it at once."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult import clock
from consult.consultations import queries as consultations
from consult.consultations import stages
from consult.consultations.models import Consultation
from consult.discussion.conditions import MOST_ANSWERED
from consult.discussion.desk import points
from consult.discussion.desk.rows import cell
from consult.discussion.models import Comment, State
from consult.discussion.provenance import signed
from consult.errors import Conflict, NotFound
from consult.extensions import db, settings, transaction
from consult.moderation import queries as moderation
from consult.moderation import sieve
from consult.moderation.campaigns import actions, queries, triage
from consult.moderation.campaigns.models import Campaign
from consult.moderation.routes import bp
from consult.permissions import May, require
from consult.web import access, limits
from consult.web.access import needs
from consult.web.private import kept_nowhere

NUMBER = "<int(max=2147483647):number>"
AT_ONCE = 500  # rows of the file that are fetched together
MOST_LINES = 50_000
MANY = 10_000  # that wait: beyond this a page says that there are more


@bp.get("/moderation/campaigns")
@needs(May.DECIDE)
def campaigns() -> Any:
    """The groups of similar comments of one's organisations, the largest first."""
    with_decided = request.args.get("show") == "all"
    after = triage.Place.read(request.args.get("after", ""))
    organisations = moderation.organisations_of(access.actor())
    rows = triage.for_moderators(organisations, with_decided=with_decided, after=after)
    return render_template(
        "moderation/campaigns.html", with_decided=with_decided, after=after, **_paged(rows)
    )


def _paged(rows: Any) -> dict[str, Any]:
    last = rows[triage.PAGE - 1] if len(rows) > triage.PAGE else None
    following = triage.Place(last.letter_count, last.id) if last else None
    return {"rows": rows[: triage.PAGE], "following": following}


@bp.get(f"/moderation/campaigns/{NUMBER}")
@needs(May.DECIDE)
def campaign(number: int) -> Any:
    """One group: a sample, how many and from whom, what people added, and one decision for all that waits."""
    organisations = moderation.organisations_of(access.actor())
    through = sieve.read({"campaign": str(number)}, organisations)
    if through.campaign is None:
        raise NotFound
    return render_template(
        "moderation/campaign.html",
        waiting=moderation.count(organisations, through, MANY + 1),
        many=MANY,
        states=triage.states_of(through.campaign),
        **_group(through.campaign, queries.sample_of(through.campaign)),
    )


def _group(group: Campaign, sample: Comment, *, only_public: bool = False) -> dict[str, Any]:
    """Return what either page of a group shows."""
    given = request.args.get("after", "")
    after = int(given) if given.isdecimal() and len(given) < 10 else 0
    return {
        "group": group,
        "consultation": db.session.get_one(Consultation, group.consultation_id),
        "size": queries.size_of(group, only_public=only_public),
        "sample": sample,
        "additions": triage.additions(group, sample, after=after, only_public=only_public),
        "after": after,
        "State": State,
    }


@bp.post("/moderation/<string:key>/campaign")
@limits.DESK
@needs(May.DECIDE)
def regroup(key: str) -> Any:
    """Take a comment out of its group, or let it be grouped again; either takes the other back."""
    who, comment = access.actor(), moderation.comment_to_decide(key)
    require(May.DECIDE, who, comment)
    is_apart = request.form.get("do") != "group"
    group = queries.campaign_of(comment.id)
    try:
        with transaction(who):
            act = actions.set_apart if is_apart else actions.let_group
            act(actor=who, comment=moderation.comment_to_decide(key))
    except Conflict as refusal:
        flash(refusal.message, "warn")
    else:
        flash(
            _("It is on its own now, and is decided on by itself. You can let it be grouped again.")
            if is_apart
            else _("It is grouped again within a minute, as if it had just arrived.")
        )
    if request.form.get("back") == "group" and group and queries.campaign(group.id):
        return redirect(url_for("moderation.campaign", number=group.id), 303)
    return redirect(url_for("moderation.item", key=key), 303)


@bp.get("/desk/campaigns")
@needs(May.ANSWER)
def desk_campaigns() -> Any:
    """The groups of similar comments in the consultations of one's units, the largest first."""
    after = triage.Place.read(request.args.get("after", ""))
    units = consultations.units_of(access.actor())
    rows = triage.for_officials([unit.id for unit in units], after=after)
    return kept_nowhere(
        render_template("moderation/desk_campaigns.html", units=units, after=after, **_paged(rows)), 200
    )


@bp.get(f"/desk/campaigns/{NUMBER}")
@needs(May.ANSWER)
def desk_campaign(number: int) -> Any:
    """One group, of what everybody can read: one reply for all of it, and one point."""
    units = [unit.id for unit in consultations.units_of(access.actor())]
    group = triage.campaign_of_units(number, units)
    sample = queries.public_sample_of(group)
    if sample is None:
        raise NotFound
    found = _group(group, sample, only_public=True)
    keys, answered = triage.to_answer(group, MOST_ANSWERED)
    html = render_template(
        "moderation/desk_campaign.html",
        to_answer=keys,
        answered=answered,
        most=MOST_ANSWERED,
        to_point=triage.in_the_ledger(group, MOST_ANSWERED),
        points=points.points_of([group.consultation_id]),
        may_answer=stages.takes_responses(found["consultation"], clock.now()),
        **found,
    )
    return kept_nowhere(html, 200)


@bp.get("/desk/campaigns.csv")
@limits.DESK_FILE
@needs(May.ANSWER)
def desk_campaigns_file() -> Response:
    """What everybody can read of each group, a line for each comment. It is for officials alone."""
    units = [unit.id for unit in consultations.units_of(access.actor())]
    answer = kept_nowhere(Response("".join(_lines(units)), mimetype="text/csv"))
    answer.headers["Content-Disposition"] = "attachment; filename=similar-comments.csv"
    return answer


def _lines(unit_ids: Sequence[int]) -> Iterator[str]:
    """Yield the lines of the file; the last one says so when there is more than a file takes."""
    zone, base = settings().timezone, settings().base_url
    yield _line(
        [
            *(_("Group"), _("Key"), _("Consultation"), _("Document"), _("Paragraph")),
            *(_("Written"), _("Name"), _("Words"), _("Address")),
        ]
    )
    after = (0, 0)
    for _part in range(MOST_LINES // AT_ONCE):
        rows = triage.published_in_groups(unit_ids, after=after, limit=AT_ONCE)
        for row in rows:
            yield _line(
                [
                    *(row.group, row.key, row.consultation, row.document, row.number),
                    row.created_at.astimezone(zone).isoformat(timespec="minutes"),
                    *(signed(row.author, row), row.body, base + url_for("discussion.comment", key=row.key)),
                ]
            )
        if len(rows) < AT_ONCE:
            return
        after = (rows[-1].group, rows[-1].id)
    yield _line([_("There is more than this file takes.")])


def _line(cells: Sequence[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([cell(str(each)) for each in cells])
    return line.getvalue()
