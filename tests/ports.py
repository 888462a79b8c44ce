"""Ports on this machine, for the servers that tests start themselves."""

import socket
import time
from contextlib import suppress


def a_free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_somebody_listens(port: int) -> None:
    """Wait for a server that was just started: who asks once too early takes a refusal for the answer."""
    for _ in range(300):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise TimeoutError(f"nobody listens on {port} after 30 seconds")
