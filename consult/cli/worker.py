"""`consult worker`: deliver mail from a process of its own, apart from the server."""

import signal
import threading
from types import FrameType

import click

from consult.extensions import settings
from consult.notices import dispatch
from consult.web.logs import set_up_logs


@click.command()
@click.option("--once", is_flag=True, help="Deliver what is due now, and stop.")
def worker(once: bool) -> None:
    """Deliver mail from the outbox until stopped. A server delivers its own: use this beside several of them."""
    set_up_logs(settings().log_level)
    if once:
        click.echo(f"{dispatch.deliver_due()} delivered")
        return
    stop = threading.Event()

    def leave(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    dispatch.deliver_until(stop)
