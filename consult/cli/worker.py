"""`consult worker`: tell followers, deliver mail, and delete what has run out of its time, apart from the server."""

import signal
import threading
from types import FrameType

import click

from consult.consultations import timed
from consult.consultations.legal_holds import queries as legal_holds
from consult.discussion.answering import held_back
from consult.extensions import settings
from consult.moderation.campaigns import arrival as campaigns
from consult.moderation.waves import arriving as waves
from consult.notices import clearing, dispatch, gap_mails, returned, suggestions
from consult.web.logs import set_up_logs


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, and stop.")
def worker(once: bool) -> None:
    """Tell followers what happened, deliver mail from the outbox, and delete once an hour what has run out of its time, until stopped.

    A server does this by itself: use a worker beside several of them.
    """
    set_up_logs(settings().log_level)
    if once:
        dispatch.tell_followers()
        gap_mails.send_due()
        returned.send_due()
        suggestions.send_due()
        waves.end_over()
        click.echo(f"{dispatch.deliver_due()} delivered")
        if grouped := campaigns.group_waiting():
            click.echo(f"{grouped} comments looked at for campaigns")
        if legal_holds.is_any_in_force():
            click.echo("nothing deleted: a legal hold is in force")
        for what, count in clearing.clear_up().items():
            click.echo(f"{count} {what.replace('_', ' ')} deleted")
        answers = held_back.release_due()  # before the outcomes, after which no answer is given
        for what, count in {"answers_released": answers, **timed.run_due()}.items():
            if count:
                click.echo(f"{count} {what.replace('_', ' ')}")
        return
    stop = threading.Event()

    def leave(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    dispatch.deliver_until(stop)
