"""A load generator that costs little: prepared bytes over plain sockets, answers read by their length."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass
class Tally:
    """What a run came to. Times are in seconds."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    size: int = 0  # bytes of the last body

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    @property
    def slowest(self) -> float:
        return max(self.times)


def get(path: str, host: str = "127.0.0.1", *, close: bool = False, **headers: str) -> bytes:
    """Return the bytes of a GET; underscores in header names stand for hyphens."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items()),
    ]
    if close:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def post(path: str, body: bytes, host: str = "127.0.0.1", **headers: str) -> bytes:
    """Return the bytes of a form that is sent."""
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {host}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


class Line:
    """One connection, made anew when the server has closed it."""

    def __init__(self, port: int, *, keep: bool = True) -> None:
        self.port = port
        self.keep = keep
        self.socket: socket.socket | None = None

    def ask(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        """Send a request and read its answer: status, headers by lower-case name, body."""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        status, headers, body = self._answer(self.socket)
        if not self.keep or headers.get("connection") == "close":
            self.close()
        return status, headers, body

    def _answer(self, connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                raise ConnectionError("the server hung up")
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
        }
        status = int(lines[0].split()[1])
        if "content-length" in headers:
            wanted = 0 if status in (204, 304) else int(headers["content-length"])
            while len(body) < wanted:
                body += connection.recv(1 << 20)
        elif status not in (204, 304):
            while more := connection.recv(1 << 20):
                body += more
            headers["connection"] = "close"
        return status, headers, body

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def run(
    port: int, requests: Callable[[int], Iterator[bytes]], *, concurrency: int = 1, keep: bool = True
) -> Tally:
    """Let `concurrency` connections work through the requests that `requests(place)` gives each of them."""
    tally = Tally()
    lock = threading.Lock()
    ready = threading.Barrier(concurrency + 1)

    def work(place: int) -> None:
        line = Line(port, keep=keep)
        prepared = list(requests(place))
        times, statuses, size = [], Counter[int](), 0
        ready.wait()
        for request in prepared:
            began = time.perf_counter()
            status, _, body = line.ask(request)
            times.append(time.perf_counter() - began)
            statuses[status] += 1
            size = len(body)
        line.close()
        with lock:
            tally.times += times
            tally.statuses += statuses
            tally.size = size

    threads = [threading.Thread(target=work, args=(place,)) for place in range(concurrency)]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    tally.seconds = time.perf_counter() - began
    return tally


def same(request: bytes, times: int) -> Callable[[int], Iterator[bytes]]:
    """Return the same request, so many times for each connection."""
    return lambda place: iter([request] * times)
