"""`make bench`: tables of what pages and forms cost, as ratios to a bare application under the same server.

CPU is the processor time of all server processes for one request; compare that. Rates hang on the machine, which
serves and asks at once. Name sections to run some of them: read post queue decide desk publish slow digest answer
campaigns toolkit lineage corpus; `hardest` prints, on request alone, the least sure matches of the real drafts.
"""

import gc
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select

from consult import config
from consult.consultations.models import Policy
from consult.discussion.models import Comment, State
from consult.documents import actions, page_queries
from consult.extensions import db, transaction
from consult.keys import new_key
from tests import factories
from tests.benchmarks import (
    answering,
    campaigns,
    corpus,
    desk,
    digests,
    filling,
    lineage,
    load,
    servers,
    slow,
    toolkit,
)
from tests.benchmarks.servers import Running

HARDEST = 20  # matches of each real draft
READS = 1_500
POSTS = 400
DECIDED_AT_ONCE = 100
ROUNDS, EACH_ROUND = 3, 25
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
            key = next(row.key for row in page_queries.blocks(made.current_version_id) if row.kind == "p")
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
            key = next(row.key for row in page_queries.blocks(made.current_version_id) if row.kind == "p")
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


# A site, the cookie of who looks, and addresses by what they show.
Alike = tuple[config.Settings, str, dict[str, str]]


def measure_beside(few: Alike, many: Alike) -> dict[str, list[float]]:
    """Return the CPU milliseconds of each address on two sites that are asked in turns.

    In turns, since whatever else the machine does costs both alike; and the least of a few rounds, since it only ever
    adds to what a request costs.
    """
    with servers.running(few[0]) as first, servers.running(many[0]) as second:
        return {
            name: [
                min(costs)
                for costs in zip(
                    *(
                        [
                            _cost(at, asked[name], cookie)
                            for at, (_, cookie, asked) in ((first, few), (second, many))
                        ]
                        for _ in range(ROUNDS)
                    ),
                    strict=True,
                )
            ]
            for name in few[2]
        }


def _cost(at: Running, address: str, cookie: str) -> float:
    tally, cpu = measure(at, load.get(address, Cookie=cookie), EACH_ROUND)
    assert set(tally.statuses) == {200}, (address, tally.statuses)
    return cpu


def bench_queue() -> None:
    """The moderation queue with 1,000 and 100,000 waiting: its first page and its last."""
    found = measure_beside(*(_queue_of(count) for count in (1_000, 100_000)))
    rows = [[name, few, many, many / few] for name, (few, many) in found.items()]
    table(
        "Moderation queue (goal: a ratio of at most 1.2)",
        ["page", "1,000 waiting, CPU ms", "100,000 waiting, CPU ms", "ratio"],
        rows,
    )


def bench_decide() -> None:
    """A moderator publishes what waits, as the form does it; in turns with a bare form, so that both have the same machine."""
    settings = fresh()
    app = filling.site(settings)
    with app.app_context():
        made = filling.document(Policy.BEFORE)
        filling.comments(made, 1_000, state=State.WAITING)
        moderator = factories.a_moderator(made.consultation.unit.organisation)
        cookie = filling.cookie(app, moderator)
        keys = list(db.session.scalars(select(Comment.key).where(Comment.document_id == made.id)))
        db.session.remove()
        db.engine.dispose()
    with servers.running(settings) as at, servers.running(fresh(), servers.one_row) as bare:
        cookie, token = _token(at, "/moderation", cookie)
        form = urlencode({"csrf_token": token, "do": "publish"}).encode()
        requests = [load.post(f"/moderation/{key}", form, Cookie=cookie) for key in keys]
        row = load.post("/", urlencode({"body": "word " * 40}).encode())
        costs: dict[Running, list[float]] = {at: [], bare: []}
        for start in range(0, len(requests), DECIDED_AT_ONCE):
            for server, some in (
                (at, requests[start : start + DECIDED_AT_ONCE]),
                (bare, [row] * DECIDED_AT_ONCE),
            ):
                before = server.cpu()
                tally = load.run(server.port, lambda _place, some=some: iter(some))
                assert set(tally.statuses) == {303}, tally.statuses
                costs[server].append(1000 * (server.cpu() - before) / len(tally.times))
    cpu, bare_cpu = (
        sorted(costs[server][1:]) for server in (at, bare)
    )  # a new process prepares statements first
    table(
        "A decision (goal: at most 6 CPU ms), beside a bare form that writes one row",
        ["", "decision, CPU ms", "bare form, CPU ms", "ratio"],
        [
            [name, *at_one, at_one[0] / at_one[1]]
            for name, at_one in (
                ("least of a hundred", (cpu[0], bare_cpu[0])),
                ("median of hundreds", (statistics.median(cpu), statistics.median(bare_cpu))),
            )
        ],
    )


def _queue_of(count: int) -> Alike:
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
    return (
        settings,
        cookie,
        {
            "first": "/moderation",
            "last": f"/moderation?{urlencode({'after': last})}",
            "of one cause": "/moderation?cause=waiting",
        },
    )


def _late_place(organisation_id: int) -> str:
    """Return the place in the queue after which one page is left."""
    from consult import clock
    from consult.moderation.models import QueueItem
    from consult.moderation.places import Place
    from consult.moderation.queries import PAGE

    now = clock.now()
    item = (
        db.session.query(QueueItem)
        .filter_by(organisation_id=organisation_id)
        .order_by(
            (QueueItem.due_at <= now), QueueItem.risk.desc(), QueueItem.due_at.desc(), QueueItem.id.desc()
        )
        .offset(PAGE)
        .limit(1)
        .one()
    )
    return str(Place(now, item.risk, item.due_at, item.id))


def bench_desk() -> None:
    """The officials' desk with 1,000 and 100,000 comments: each of its lists, the first page and the last one."""
    found = measure_beside(*(_desk_of(count) for count in (1_000, 100_000)))
    rows = [[name, few, many, many / few] for name, (few, many) in found.items()]
    few, many = (sum(cpu) for cpu in zip(*found.values(), strict=True))
    table(
        "The desk (goal: a ratio of at most 1.5)",
        ["list", "1,000 comments, CPU ms", "100,000 comments, CPU ms", "ratio"],
        [*rows, ["all of them", few, many, many / few]],
    )


def _desk_of(count: int) -> Alike:
    settings = fresh()
    app = filling.site(settings)
    with app.app_context():
        made = filling.document()
        official = factories.an_official(made.consultation.unit)
        desk.fill(made, count, official)
        cookie = filling.cookie(app, official)
        addresses = desk.addresses(official, made)
        db.session.remove()
        db.engine.dispose()
    return settings, cookie, addresses


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


def bench_answer() -> None:
    """One answer to 500 comments on SQLite, with every count, place, mail and search entry that hangs on it."""
    table("A bulk answer to 500 comments under 2 s", answering.HEADS, answering.rows(fresh()))


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


LONGEST_LOCK = 50.0  # milliseconds that a digest may keep other writers waiting


def bench_digest() -> None:
    """Digests for 1,000 and 10,000 followers, of 200 comments: how long, and the longest that others had to wait."""
    rows = []
    for count in (1_000, 10_000):
        app = filling.site(fresh())
        with app.app_context():
            made = filling.document()
            filling.comments(made, 200)
            digests.happen(made)
            digests.follow(made, count)
            seconds, mails, locks = digests.build()
            assert mails == count, f"{mails} digests for {count} followers"
            longest = max(locks.spans)
            rows.append(
                [
                    *(count, seconds, 1000 * seconds / count, len(locks.spans), longest),
                    "yes" if longest <= LONGEST_LOCK else "NO",
                ]
            )
            db.session.remove()
            db.engine.dispose()
    heads = [
        "followers",
        "seconds",
        "ms each",
        "transactions",
        "longest write lock, ms",
        f"within {LONGEST_LOCK:.0f}",
    ]
    table("Digests, built into the outbox", heads, rows)


LONGEST_DELAY = 20.0  # milliseconds that grouping may keep a post waiting


def bench_campaigns() -> None:
    """Pairs found on the made set; and what one more comment costs beside 1,000 and beside 100,000."""
    heads = ["seed", "comments", "precision", "recall", "CPU ms each"]
    table("Campaigns: pairs on the made set", heads, [campaigns.found(seed, 120) for seed in (11, 12, 13)])
    rows: list[list[Any]] = []
    for count in (1_000, 100_000):
        app = filling.site(fresh())
        with app.app_context():
            rows.append([count, *campaigns.cost(count)])
            db.session.remove()
            db.engine.dispose()
    few, many = rows
    rows.append(["ratio", *(after / before for before, after in zip(few[1:], many[1:], strict=True))])
    table("Campaigns: one more comment (goal: a ratio of at most 2)", campaigns.HEADS, rows)
    longest = max(few[4], many[4])
    print(
        f"\nGrouping holds up writers for {longest:.1f} CPU ms at most: {'within' if longest <= LONGEST_DELAY else 'NOT within'} {LONGEST_DELAY:.0f}."
    )


def bench_toolkit() -> None:
    """The toolkit with 40 pages and 60 revisions of one, and with 4,000 and 10,000: what an editor is shown."""
    found = measure_beside(*(_toolkit_of(*counts) for counts in (toolkit.FEW, toolkit.MANY)))
    rows = [[name, few, many, many / few] for name, (few, many) in found.items()]
    table(
        "The toolkit (goal: a ratio of at most 1.5)",
        [
            "page",
            "40 pages, 60 revisions, CPU ms",
            "4,000 pages, 10,000 revisions, CPU ms",
            "ratio",
        ],
        rows,
    )


def _toolkit_of(pages: int, revisions: int) -> Alike:
    # nobody may search as often as this asks
    settings = replace(fresh(), extra={"RATELIMIT_ENABLED": False})
    app = filling.site(settings)
    with app.app_context():
        editor = toolkit.editor()
        toolkit.fill(pages, revisions, editor)
        cookie = filling.cookie(app, editor)
        db.session.remove()
        db.engine.dispose()
    return settings, cookie, toolkit.addresses(revisions)


SECTIONS = {
    "read": bench_read,
    "post": bench_post,
    "queue": bench_queue,
    "decide": bench_decide,
    "desk": bench_desk,
    "publish": bench_publish,
    "slow": bench_slow,
    "digest": bench_digest,
    "answer": bench_answer,
    "campaigns": bench_campaigns,
    "toolkit": bench_toolkit,
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
