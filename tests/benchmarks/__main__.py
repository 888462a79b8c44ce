"""`make bench`: tables of what pages and forms cost, as ratios to a bare application under the same server.

CPU is the processor time of all server processes for one request; compare that. Rates hang on the machine, which
serves and asks at once. Name sections to run some of them: read post queue publish slow lineage corpus;
`hardest` prints, on request alone, the least sure matches of the real drafts.
"""

import gc
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from consult.consultations.models import Policy
from consult.discussion.models import State
from consult.documents import actions, queries
from consult.extensions import db, transaction
from consult.keys import new_key
from tests import factories
from tests.benchmarks import corpus, filling, lineage, load, servers, slow
from tests.benchmarks.servers import Running

HARDEST = 20  # matches of each real draft
READS = 1_500
POSTS = 400
POSTS_EACH = 25  # by one person: below the limit of thirty in five minutes
SHARED = Path(os.environ.get("CONSULT_SHARED", Path(__file__).resolve().parents[3] / "shared"))


def table(title: str, heads: list[str], rows: list[list[Any]]) -> None:
    """Print a Markdown table."""
    print(f"\n### {title}\n")
    print("| " + " | ".join(heads) + " |")
    print("|" + " --- |" * len(heads))
    for row in rows:
        print(
            "| " + " | ".join(f"{cell:.3g}" if isinstance(cell, float) else str(cell) for cell in row) + " |"
        )
    sys.stdout.flush()


def measure(at: Running, request: bytes, times: int = READS, **how: Any) -> tuple[load.Tally, float]:
    """Return the tally and the CPU milliseconds a request, after a short warm-up."""
    load.run(at.port, load.same(request, max(20, times // 20)), **{**how, "concurrency": 4})
    before = at.cpu()
    tally = load.run(at.port, load.same(request, times // how.get("concurrency", 1)), **how)
    return tally, 1000 * (at.cpu() - before) / len(tally.times)


def fresh(**values: str) -> Any:
    return servers.settings_in(Path(tempfile.mkdtemp(prefix="consult-bench-")), **values)


def bench_read() -> None:
    """The document page for anybody, with 0, 1,000 and 10,000 comments; and the same asked for with its ETag."""
    with servers.running(fresh(), servers.hello) as at:
        hello, hello_cpu = measure(at, load.get("/"), concurrency=4)
        hello_new, hello_new_cpu = measure(at, load.get("/", close=True), concurrency=4, keep=False)
    rows, conditional = [], []
    for count in (0, 1_000, 10_000):
        settings = fresh()
        app = filling.site(settings)
        with app.app_context():
            made = filling.document()
            filling.comments(made, count)
            path = f"/consultations/{made.consultation.slug}/{made.slug}"
            key = next(row.key for row in queries.blocks(made.current_version_id) if row.kind == "p")
            db.session.remove()
            db.engine.dispose()
        with servers.running(settings) as at:
            request = load.get(path, Accept_Encoding="gzip")
            tally, cpu = measure(at, request, concurrency=4)
            rows.append([count, tally.rate, tally.rate / hello.rate, cpu, cpu / hello_cpu, tally.size / 1024])
            _, headers, _ = load.Line(at.port).ask(request)
            again = load.get(path, close=True, Accept_Encoding="gzip", If_None_Match=headers["etag"])
            tally, cpu = measure(at, again, concurrency=4, keep=False)
            assert set(tally.statuses) == {304}, tally.statuses
            conditional.append(
                [count, tally.rate, tally.rate / hello_new.rate, cpu, cpu / hello_new_cpu, tally.size]
            )
            _thread, thread_cpu = measure(at, load.get(f"{path}/p/{key}"), 300)
            printed, printed_cpu = measure(at, load.get(f"{path}/print"), 20)
            conditional[-1] += [thread_cpu, printed_cpu, printed.size / 1024, at.memory()]
    print(
        f"\nHello: {hello.rate:.0f} requests a second, {hello_cpu:.2f} CPU ms; "
        f"with a new connection each: {hello_new.rate:.0f}, {hello_new_cpu:.2f} CPU ms."
    )
    table(
        "Document page, 200 paragraphs, anonymous",
        ["comments", "requests/s", "of hello", "CPU ms", "times hello's", "KB compressed"],
        rows,
    )
    table(
        "The same with If-None-Match; one thread; print with all threads; memory",
        [
            "comments",
            "304/s",
            "of hello",
            "CPU ms",
            "times hello's",
            "body bytes",
            "thread CPU ms",
            "print CPU ms",
            "print KB",
            "memory MB (PSS)",
        ],
        conditional,
    )


def bench_post() -> None:
    """Comments through the real form, alone and eight at once, beside a bare form that writes one row durably."""
    rows = []
    for concurrency in (1, 8):
        with servers.running(fresh(), servers.one_row) as at:
            body = urlencode({"body": "word " * 40}).encode()
            bare, bare_cpu = measure(at, load.post("/", body), POSTS, concurrency=concurrency)
        settings = fresh()
        app = filling.site(settings)
        with app.app_context():
            made = filling.document()
            filling.comments(made, 1_000)
            key = next(row.key for row in queries.blocks(made.current_version_id) if row.kind == "p")
            path = f"/consultations/{made.consultation.slug}/{made.slug}/p/{key}"
            people = concurrency * -(-POSTS // concurrency // POSTS_EACH)
            cookies = [filling.cookie(app, factories.a_person()) for _ in range(people)]
            db.session.remove()
            db.engine.dispose()
        with servers.running(settings) as at:
            tokens = [_token(at, path, cookie) for cookie in cookies]
            for token in tokens:  # a process that has posted nothing yet has statements to prepare
                load.Line(at.port).ask(next(_forms(path, [token], 1, 1, 0)))
            forms = partial(_forms, path, tokens, POSTS // concurrency, concurrency)
            before = at.cpu()
            tally = load.run(at.port, forms, concurrency=concurrency)
            cpu = 1000 * (at.cpu() - before) / len(tally.times)
            rows.append(
                [
                    concurrency,
                    tally.rate,
                    bare.rate,
                    tally.rate / bare.rate,
                    cpu,
                    bare_cpu,
                    1000 * tally.slowest,
                    dict(tally.statuses),
                ]
            )
    table(
        "Comments posted through the form",
        ["at once", "posts/s", "bare posts/s", "ratio", "CPU ms", "bare CPU ms", "slowest ms", "answers"],
        rows,
    )


def _token(at: Running, path: str, cookie: str) -> tuple[str, str]:
    """Fetch the form; return the cookie that goes with its token, and the token."""
    _, headers, body = load.Line(at.port).ask(load.get(path, Cookie=cookie))
    found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', body)
    assert found, body[:2000]
    return headers.get("set-cookie", cookie).partition(";")[0], found.group(1).decode()


def _forms(
    path: str, tokens: list[tuple[str, str]], times: int, concurrency: int, place: int
) -> Iterator[bytes]:
    """Yield so many forms for one connection, from people who take turns and stay within their limits."""
    for number in range(times):
        cookie, value = tokens[(place + concurrency * (number // POSTS_EACH)) % len(tokens)]
        fields = {
            "csrf_token": value,
            "body": f"Comment {number}: " + "word " * 40,
            "kind": "comment",
            "once": new_key(20),
        }
        yield load.post(path, urlencode(fields).encode(), Cookie=cookie)


def bench_queue() -> None:
    """The moderation queue with 1,000 and 100,000 waiting: its first page and its last."""
    rows = []
    for count in (1_000, 100_000):
        settings = fresh()
        app = filling.site(settings)
        with app.app_context():
            made = filling.document(Policy.BEFORE)
            filling.comments(made, count, state=State.WAITING)
            moderator = factories.a_moderator(made.consultation.unit.organisation)
            cookie = filling.cookie(app, moderator)
            last = _late_place(made.consultation.organisation_id)
            db.session.remove()
            db.engine.dispose()
        with servers.running(settings) as at:
            _, first_cpu = measure(at, load.get("/moderation", Cookie=cookie), 100)
            _, last_cpu = measure(
                at, load.get(f"/moderation?{urlencode({'after': last})}", Cookie=cookie), 100
            )
            rows.append([count, first_cpu, last_cpu])
    rows.append(["ratio", rows[1][1] / rows[0][1], rows[1][2] / rows[0][2]])
    table("Moderation queue", ["waiting", "first page CPU ms", "last page CPU ms"], rows)


def _late_place(organisation_id: int) -> str:
    """Return the place in the queue after which one page is left."""
    from consult.moderation.models import QueueItem
    from consult.moderation.queries import PAGE, Place

    item = (
        db.session.query(QueueItem)
        .filter_by(organisation_id=organisation_id)
        .order_by(QueueItem.since.desc(), QueueItem.id.desc())
        .offset(PAGE)
        .limit(1)
        .one()
    )
    return str(Place(item.since, item.id))


def bench_publish() -> None:
    """Publishing: a real long document; then one paragraph changed, and all, with 10,000 comments on it."""
    rows = []
    app = filling.site(fresh())
    with app.app_context():
        real = filling.corpus(SHARED) or filling.text(1_000)
        rows.append(["long document, version 1", *_publish(filling.document(source="Nothing yet."), real)])
        made = filling.document()
        filling.comments(made, 10_000)
        changed = filling.text().replace(".", " and so on.", 1)
        rows.append(["200 paragraphs, 10,000 comments, one changed", *_publish(made, changed)])
        rows.append(["200 paragraphs, 10,000 comments, all new", *_publish(made, filling.text(seed=8))])
    table("Publishing", ["what", "CPU ms", "of it in the transaction", "paragraphs"], rows)


def _publish(made: Any, source: str) -> tuple[float, float, int]:
    official = factories.an_official(made.consultation.unit)
    gc.collect()
    began = time.process_time()
    prepared = actions.prepare(made, source)
    middle = time.process_time()
    with transaction(official):
        version = actions.publish_version(
            actor=official,
            document=made,
            source=prepared.source,
            note="",
            prepared=prepared,
            doubtful="accept",
        )
    end = time.process_time()
    return 1000 * (end - began), 1000 * (end - middle), version.paragraph_count


def bench_slow() -> None:
    """Ordinary pages while 900, then 1,500 slow clients send a header line or a byte of a body a second."""
    settings = fresh()
    app = filling.site(settings)
    with app.app_context():
        made = filling.document()
        path = f"/consultations/{made.consultation.slug}/{made.slug}"
        db.session.remove()
        db.engine.dispose()
    rows = []
    with servers.running(settings) as at:
        for count in (0, 900, 1_500):
            for in_the_body in (False, True):
                with slow.clients(at.port, count, in_the_body=in_the_body):
                    time.sleep(2)
                    tally = load.run(at.port, load.same(load.get(path), 50), keep=False)
                rows.append(
                    [count, "body" if in_the_body else "headers", 1000 * tally.slowest, dict(tally.statuses)]
                )
    table("50 page loads beside slow clients", ["slow clients", "slow in", "slowest ms", "answers"], rows)


def bench_lineage() -> None:
    """Finding paragraphs again: how well beside other methods, what confidence means, whom to ask, how fast."""
    for title, heads, rows in lineage.tables(SHARED / "anchoring"):
        table(title, heads, rows)


def bench_corpus() -> None:
    """Real drafts published in all their versions, with a comment on every paragraph of the first."""
    rows = [row for _name, counts, _unsure in _published_corpus() for row in counts]
    if rows:
        table("Where comments go when real drafts are published", corpus.HEADS, rows)


def show_hardest() -> None:
    """Print the matches of each real draft that were least sure, to be read by eye."""
    for name, _counts, unsure in _published_corpus():
        print(f"\n### {name}\n")
        print("\n\n".join(words for _sure, words in sorted(unsure)[:HARDEST]))


def _published_corpus() -> Iterator[tuple[str, list[list[Any]], list[tuple[float, str]]]]:
    if not (SHARED / "corpus").is_dir():
        print("\nThe real drafts are not here: they are looked for in CONSULT_SHARED.")
        return
    with filling.site(fresh()).app_context():
        for name, texts in corpus.documents(SHARED / "corpus"):
            counts, unsure = corpus.publish_all(texts)
            yield name, [[name, *row] for row in counts], unsure


SECTIONS = {
    "read": bench_read,
    "post": bench_post,
    "queue": bench_queue,
    "publish": bench_publish,
    "slow": bench_slow,
    "lineage": bench_lineage,
    "corpus": bench_corpus,
}
ON_REQUEST = {"hardest": show_hardest}


def main() -> None:
    """Run the sections that are named, or all."""
    for name in sys.argv[1:] or SECTIONS:
        (SECTIONS | ON_REQUEST)[name]()


if __name__ == "__main__":
    main()
