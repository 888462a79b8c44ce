"""The HTML of each thing on the page of a version, joined from stored HTML, rows and a few phrases.

Strings, not a template: a page is built anew after every comment on it, and two hundred paragraphs in a template
take ten times as long. Every value is escaped here, save HTML that `text.markdown` made.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from consult.documents.contents import CHANGED, Item, waiting
from consult.documents.naming import in_words
from consult.documents.numbering import is_retired

HEAT_STEPS = (1, 5, 10, 16, 30)  # fixed, so that pages can be compared
SPOT = "\x02"  # stands in a translated phrase for the value put in later


class Fragments:
    """Writes the items of one page. Phrases are looked up once a page, not once a paragraph."""

    def __init__(
        self,
        base: str,
        number: int,
        *,
        just_text: bool = False,
        takes_comments: bool = True,
        is_old: bool = False,
        earlier: Mapping[int, int] | None = None,
        corrected: Collection[str] = (),
    ) -> None:
        """Begin the page of version `number`, an old one where `is_old` says so.

        `earlier` has for each further part of a split paragraph how much had been said before, `corrected` the keys
        of those with a misprint that was put right.
        """
        self.base = base
        self.number = number
        self.just_text = just_text
        self.takes_comments = takes_comments
        self.earlier = earlier or {}
        self.corrected = corrected
        self._corrected = (
            f'<a class="chg" href="#corrected">{_marked(_("corrected"), _("since: see what was wrong"))}</a>'
        )
        self._talk = f"?v={number}" if is_old else ""  # threads as they were
        self._compare = f"{base}/compare/{number - 1}...{number}"
        self._stop = ' tabindex="-1"' if just_text else ""  # the draft only is read with few stops of the key
        self._permanent = phrase(_("Permanent link to paragraph %(number)s", number=SPOT))
        self._new = escape(_("new in version %(number)s", number=number))
        self._changed = _marked(
            _("changed"), _("in version %(number)s: see what it said before", number=number)
        )
        self._moved = _marked(
            _("moved"), _("in version %(number)s: see where it stood before", number=number)
        )
        self._moved_changed = _marked(
            _("moved, changed"), _("in version %(number)s: see what it said before", number=number)
        )
        self._back = _marked(
            _("back again"), _("in version %(number)s, after it had been removed", number=number)
        )
        self._split = phrase(_("split from %(number)s", number=SPOT))
        self._stood_at_top = escape(_("It stood at the top in version %(version)s.", version=number - 1))
        self._stood_after = phrase(
            _("It stood after paragraph %(number)s in version %(version)s.", number=SPOT, version=number - 1)
        )
        self._removed_in = phrase(_("Removed in version %(number)s.", number=SPOT))
        self._left = phrase(_("Removed in version %(number)s:", number=SPOT))
        self._see = escape(_("See the words that went"))
        self._next = phrase(_("Next section: %(words)s", words=SPOT))
        self._table = phrase(_("Table %(number)s", number=SPOT))
        self._code = phrase(_("Code %(number)s", number=SPOT))
        self._waiting = phrase(_("%(count)s waiting", count=SPOT))
        self._answered = f'<span class="done-mark">{escape(_("all answered"))}</span>'
        self._notes = escape(_("Notes"))
        self._counts: dict[int, Callable[[object], str]] = {}

    def item(self, item: Item) -> str:
        """Return the HTML of one item; which, its `sort` says."""
        write = {
            "heading": self.heading,
            "table": self.table,
            "gone": self.gone,
            "left": self.left,
            "joined": self.joined,
        }
        return write.get(item.sort, self.paragraph)(item)

    def heading(self, item: Item) -> str:
        block = item.block
        more = ""
        if not self.just_text:
            margin = (self.count(block) if block.comment_count else "") + self._erratum(block)
            more = f'<div class="para-margin">{margin}</div>' if margin else ""
            if item.following:
                target = item.following.block
                more += f'<a class="skip-on" href="#p-{target.key}">{self._next(target.plain)}</a>'
        return f'<div class="head lv-{item.level}" {_marks(block)}>{item.html}{more}</div>'

    def paragraph(self, item: Item) -> str:
        block = item.block
        classes = "para"
        if block.depth:
            classes += f" depth-{block.depth}" if block.marker else f" depth-{block.depth} in-item"
        before = ""
        if block.kind == "footnote":
            classes += " para-note"
            before = f'<h2 class="notes-head">{self._notes}</h2>' if item.is_first_note else ""
        text = f'<div class="para-text">{item.html}{self._past(item)}</div>'
        if block.kind == "code":
            text = self._region(self._code(block.number), f"{item.html}{self._past(item)}")
        return f"{before}{self._para(item, classes, text)}"

    def table(self, item: Item) -> str:
        rows = item.rows
        head = self._row(rows[0]) if rows and rows[0].block.is_header else ""
        body = "".join(map(self._row, rows[1:] if head else rows))
        table = (f"<thead>{head}</thead>" if head else "") + (f"<tbody>{body}</tbody>" if body else "")
        text = self._region(self._table(item.block.number), f"<table>{table}</table>{self._past(item)}")
        return self._para(item, "para para-table", text)

    def gone(self, item: Item) -> str:
        """A removed paragraph with its talk: the line that says so, its count, the way to its last words."""
        block = item.block
        stays = self._stays(block)
        margin = "" if self.just_text else f'<div class="para-margin">{self.count(block)}</div>'
        return (
            f'<div class="para gone" {_marks(block)}>{self._number(block)}<div class="para-text"><strong>'
            f"{self._removed_in(block.removed_in)}</strong> {escape(stays)} "
            f'<a href="{self.base}/p/{block.key}">{self._see}</a></div>{margin}</div>'
        )

    def _stays(self, block: Any) -> str:
        if is_retired(block.number):
            words = ngettext(
                "It was paragraph %(number)s, and its comment stays here.",
                "It was paragraph %(number)s, and its %(num)s comments stay here.",
                block.comment_count,
                number=in_words(block.number),
            )
            return str(words)
        words = ngettext(
            "The number %(number)s will not be used again, and its comment stays here.",
            "The number %(number)s will not be used again, and its %(num)s comments stay here.",
            block.comment_count,
            number=block.number,
        )
        return str(words)

    def left(self, item: Item) -> str:
        """Neighbours that were removed in silence, in one line, by the version that left them out."""
        by_version: dict[int, list[str]] = {}
        for row in item.rows:
            link = f'<a {_marks(row.block)} href="{self.base}/p/{row.block.key}">{in_words(row.block.number)}</a>'
            by_version.setdefault(row.block.removed_in or 0, []).append(link)
        lines = (
            f"{self._left(version)} {', '.join(links)}." for version, links in sorted(by_version.items())
        )
        return f'<div class="left"><p>{" ".join(lines)}</p></div>'

    def joined(self, item: Item) -> str:
        """A paragraph that was joined with another: the line that says with which, where its talk is."""
        block, home = item.block, item.home
        words = _(
            "Paragraph %(number)s was joined with %(home)s in version %(version)s.",
            number=self._link(block),
            home=_link(f"#p-{home.key}", home.number),
            version=block.removed_in,
        )
        return f'<div class="left" {_marks(block)}><p>{words}</p></div>'

    def _past(self, item: Item) -> str:
        """Return the small line under the words of what was a part of another, has parts, or stood elsewhere."""
        lines = []
        if item.origin is not None:
            lines.append(self._part_of(item))
        if item.parts and not self.just_text:
            lines.append(_parts(item))
        if item.came_after is not None and not self.just_text:
            lines.append(self._stood_after(item.came_after) if item.came_after else self._stood_at_top)
        return "".join(f'<p class="para-was">{line}</p>' for line in lines)

    def _part_of(self, item: Item) -> str:
        where = {"number": self._link(item.origin), "version": item.block.first_version}
        count = 0 if self.just_text else self.earlier.get(item.block.paragraph_id, 0)
        if not count:
            return str(_("Part of paragraph %(number)s until version %(version)s.", **where))
        return str(
            ngettext(
                "Part of paragraph %(number)s until version %(version)s: %(num)s earlier comment",
                "Part of paragraph %(number)s until version %(version)s: %(num)s earlier comments",
                count,
                **where,
            )
        )

    def _link(self, block: Any) -> Markup:
        return _link(f"{self.base}/p/{block.key}{self._talk}", block.number)

    def count(self, block: Any) -> str:
        """Return the link to a paragraph's thread, with how many comments it has, and how its questions stand."""
        count = block.comment_count
        place = f"{self.base}/p/{block.key}{self._talk}{'' if count else '#reply'}"
        if count not in self._counts:
            self._counts[count] = _counted(count)
        words = self._counts[count](in_words(block.number))
        late = waiting(block)
        mark = f'<span class="wait-mark">{self._waiting(late)}</span>' if late else ""
        if block.question_count and not late:
            mark = self._answered
        return f'<a class="count heat-{_heat(count)}" href="{place}">{words}</a>{mark}'

    def _door(self, block: Any) -> str:
        """Return the count of a paragraph; nothing where nobody has spoken and nobody can."""
        is_open = self.takes_comments and block.is_open
        return self.count(block) if is_open or block.comment_count else ""

    def _para(self, item: Item, classes: str, text: str) -> str:
        block = item.block
        if self.just_text:
            return f'<div class="{classes}" {_marks(block)}>{self._number(block)}{text}</div>'
        count = self._door(block)
        mark, words = self._mark(item)
        change = ""
        if item.is_new:
            change = f'<span class="chg">{words}</span>'
        elif words:
            change = f'<a class="chg" href="{self._comparison(item)}">{words}</a>'
        return (
            f'<div class="{classes}{mark}" {_marks(block)}>{self._number(block)}{text}'
            f'<div class="para-margin">{count}{change}{self._erratum(block)}</div></div>'
        )

    def _erratum(self, block: Any) -> str:
        return self._corrected if block.key in self.corrected else ""

    def _mark(self, item: Item) -> tuple[str, object]:
        """Return the class and the words for what this version did to a paragraph."""
        has_moved = item.came_after is not None
        if item.is_new:
            return " new", self._new
        if (
            item.block.relation == "split"
            and item.origin is not None
            and item.block.first_version == self.number
        ):
            return " changed", self._split(item.origin.number)
        if item.is_restored:
            return " new", self._back
        if item.is_changed:
            return " changed", self._moved_changed if has_moved else self._changed
        return ("", self._moved) if has_moved else ("", "")

    def _comparison(self, item: Item) -> str:
        """Return where the comparison with the version before shows what changed: of a table, its first such row."""
        if item.sort != "table" or not item.is_changed or item.came_after is not None:
            return f"{self._compare}#c-{item.block.key}"
        rows = (row.block for row in item.rows)
        changed = (row for row in rows if row.relation in CHANGED or row.first_version == self.number)
        row = next(changed, None)
        return f"{self._compare}#c-{row.key}" if row else self._compare

    def _region(self, name: str, html: str) -> str:
        """Return what may be wider than the page: it scrolls by itself, with keys as well."""
        return f'<div class="para-text scroll-x" tabindex="0" role="region" aria-label="{name}">{html}</div>'

    def _row(self, row: Item) -> str:
        block = row.block
        talk = ""
        if not self.just_text:
            count = self._door(block)
            talk = f'<td class="row-talk">{count}{self._erratum(block)}</td>'
        return f'<tr {_marks(block)}><td class="row-no">{self._number(block)}</td>{row.html}{talk}</tr>'

    def _number(self, block: Any) -> str:
        return (
            f'<a class="para-no" href="#p-{block.key}" aria-label="{self._permanent(in_words(block.number))}"{self._stop}>'
            f"{block.number}</a>"
        )


def _marks(block: Any) -> str:
    return f'id="p-{block.key}" data-paragraph="{block.key}" data-number="{block.number}"'


def _marked(words: str, more: str) -> str:
    """Return the words of a mark, with more for those who listen."""
    return f'{escape(words)}<span class="vh"> {escape(more)}</span>'


def _link(address: str, words: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, in_words(words))


def _parts(item: Item) -> str:
    links = Markup(", ").join(_link(f"#p-{part.key}", part.number) for part in item.parts)
    return str(
        ngettext(
            "Its further part is now %(links)s.",
            "Its further parts are now %(links)s.",
            len(item.parts),
            links=links,
        )
    )


def phrase(translated: str) -> Callable[[object], str]:
    """Return a function that puts a value into a phrase at its SPOT, both escaped."""
    before, _spot, after = str(escape(translated)).partition(SPOT)
    return lambda value: f"{before}{escape(value)}{after}"


def _counted(count: int) -> Callable[[object], str]:
    """Return the words of a count as one phrase; on wide screens all but the figure is left to those who listen."""
    markup = {
        "w": Markup('<span class="w">'),
        "vh": Markup('<span class="vh">'),
        "end": Markup("</span>"),
        "number": SPOT,
    }
    if count:
        words = ngettext(
            "%(num)s %(w)scomment%(end)s%(vh)s on paragraph %(number)s%(end)s",
            "%(num)s %(w)scomments%(end)s%(vh)s on paragraph %(number)s%(end)s",
            count,
            **markup,
        )
    else:
        words = _("%(w)sComment%(end)s%(vh)s on paragraph %(number)s%(end)s", **markup)
    before, _spot, after = words.partition(SPOT)
    return lambda number: f"{before}{number}{after}"


def _heat(count: int) -> int:
    return sum(count >= least for least in HEAT_STEPS)
