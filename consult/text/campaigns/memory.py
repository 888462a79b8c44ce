"""A shelf in memory, for a file of comments: what a site keeps in tables. It keeps texts, and reads them as needed."""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from consult.text.campaigns.grouping import ENTRIES_OF_A_BUCKET, SAMPLE, Found, arrive, settle
from consult.text.campaigns.letters import Letter, letter
from consult.text.campaigns.words import NO_RUNS, Runs, runs_of

READ = 4_000  # letters that are kept as they are compared
ROUNDS = 3  # in which letters are looked at again


def grouped(texts: Iterable[str], background: str = "") -> list[int | None]:
    """Return for each text the number of its group, None for a single one. Groups are numbered in order of arrival."""
    shelf = Memory(list(texts), runs_of(background))
    for number, text in enumerate(shelf.texts):
        arrive(shelf, number, letter(text, shelf.background))
    for _round in range(ROUNDS):
        tried: set[tuple[int, int]] = set()
        changes = [settle(shelf, number, tried) for number in shelf.to_settle()]
        if not any(changes):
            break
    names: dict[int, int] = {}
    return [
        None if group is None else names.setdefault(group, len(names) + 1)
        for group in map(shelf.group_of, range(len(shelf.texts)))
    ]


@dataclass
class Memory:
    """Letters by their place in a list of texts. A group bears the number of a letter in it."""

    texts: Sequence[str]
    background: Runs = NO_RUNS
    on_shelf: set[int] = field(default_factory=set)
    groups: dict[int, int] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=dict)
    samples: dict[int, dict[int, int]] = field(default_factory=dict)  # marks, and the letters that bear them
    buckets: dict[int, list[int]] = field(default_factory=dict)
    marks: dict[int, int] = field(default_factory=dict)
    read: "OrderedDict[int, Letter]" = field(default_factory=OrderedDict)

    def look_up(self, number: int, letter: Letter) -> Found:
        groups: Counter[int] = Counter()
        singles: Counter[int] = Counter()
        for bucket in letter.buckets:
            for other in self.buckets.get(bucket, ()):
                group = self.groups.get(other)
                if group is not None:
                    groups[group] += 1
                elif other != number:
                    singles[other] += 1
        return Found(_ranked(groups), _ranked(singles))

    def twin_of(self, number: int, letter: Letter) -> int | None:
        return self.marks.get(letter.mark)

    def letter(self, number: int) -> Letter:
        if number in self.read:
            self.read.move_to_end(number)
            return self.read[number]
        return self._keep(number, letter(self.texts[number], self.background))

    def group_of(self, number: int) -> int | None:
        return self.groups.get(number)

    def sample(self, group: int) -> Sequence[Letter]:
        return [self.letter(number) for _mark, number in sorted(self.samples[group].items())]

    def put(self, number: int, letter: Letter) -> None:
        if number in self.on_shelf:
            return
        self.on_shelf.add(number)
        self._keep(number, letter)
        if self.marks.setdefault(letter.mark, number) != number:
            return  # its twin stands in the same buckets
        for bucket in letter.buckets:
            held = self.buckets.setdefault(bucket, [])
            if len(held) >= ENTRIES_OF_A_BUCKET:
                oldest = next((other for other in held if other not in self.groups), None)
                if oldest is None:
                    continue
                held.remove(oldest)
            held.append(number)

    def begin(self, number: int) -> int:
        self.members[number], self.samples[number] = [], {}
        self.join(number, number)
        return number

    def join(self, number: int, group: int) -> None:
        self.groups[number] = group
        self.members[group].append(number)
        joining = self.letter(number)
        self._sample(group, joining.mark, number)
        for bucket in joining.buckets:
            held = self.buckets.get(bucket, [])
            mine = [other for other in held if self.groups.get(other) == group]
            for other in mine[1:]:
                held.remove(other)

    def merge(self, into: int, other: int) -> None:
        for number in self.members.pop(other):
            self.groups[number] = into
            self.members[into].append(number)
        for mark, number in self.samples.pop(other).items():
            self._sample(into, mark, number)

    def to_settle(self) -> Iterator[int]:
        """Yield the letters that may find other company: those alone, and a sample of each group."""
        for number in sorted(self.on_shelf):
            group = self.groups.get(number)
            if group is None or number in self.samples[group].values():
                yield number

    def _sample(self, group: int, mark: int, number: int) -> None:
        sample = self.samples[group]
        sample.setdefault(mark, number)
        if len(sample) > SAMPLE:
            del sample[max(sample)]

    def _keep(self, number: int, read: Letter) -> Letter:
        self.read[number] = read
        if len(self.read) > READ:
            self.read.popitem(last=False)
        return read


def _ranked(hits: Counter[int]) -> list[tuple[int, int]]:
    return sorted(hits.items(), key=lambda item: (-item[1], item[0]))
