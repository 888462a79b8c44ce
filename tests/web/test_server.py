"""The production server: it holds slow clients, keeps its processes up, and stops when told."""

import signal
import time
from pathlib import Path

import psutil
import pytest

from consult.web import server
from tests.benchmarks import load, servers, slow

pytestmark = [pytest.mark.slow, pytest.mark.once]


@pytest.fixture
def settings(tmp_path: Path):
    return servers.settings_in(tmp_path)


@pytest.mark.parametrize("in_the_body", [False, True], ids=["headers", "body"])
def test_slow_clients_hold_up_nobody(settings, in_the_body):
    with (
        servers.running(settings, servers.hello) as at,
        slow.clients(at.port, 600, in_the_body=in_the_body),
    ):
        tally = load.run(at.port, load.same(load.get("/"), 50), keep=False)
    assert tally.statuses == {200: 50}


def test_a_process_that_dies_is_started_again(settings):
    with servers.running(settings, servers.hello) as at:
        children = at.process.children()
        assert len(children) == servers.WORKERS
        children[0].send_signal(signal.SIGKILL)
        until = time.monotonic() + 20
        while {child.pid for child in at.process.children()} <= {child.pid for child in children}:
            assert time.monotonic() < until, "nobody took its place"
            time.sleep(0.05)
        assert load.run(at.port, load.same(load.get("/"), 20), keep=False).statuses == {200: 20}


def test_it_stops_with_all_its_processes(settings):
    with servers.running(settings, servers.hello) as at:
        everyone = [at.process, *at.process.children()]
    gone, alive = psutil.wait_procs(everyone, timeout=10)
    assert not alive
    assert len(gone) == servers.WORKERS + 1


def test_an_address_in_use_is_refused():
    taken = server.listen("127.0.0.1", 0)
    port = taken.getsockname()[1]
    with pytest.raises(OSError, match="in use"):
        server.listen("127.0.0.1", port)
    taken.close()
