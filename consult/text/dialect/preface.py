"""What stands in a source but is not text: front matter, kramdown's comments and attribute lines."""

import re

_TITLE = re.compile(r"title:\s*(\S.*)", re.I)
_COMMENT_START = re.compile(r"\{::comment\}")
_COMMENT_END = re.compile(r"\{:/(?:comment)?\}")
_ATTRIBUTE_LINE = re.compile(r"\s*(?:>\s*)*\{(?:: *[^{}]*|::[^{}]*/?|:/\w*|%.*%)\}\s*$")
_FENCE = re.compile(r"\s{0,3}(?:>\s?)*(`{3,}|~{3,})")
_ID = re.compile(r"\{:[^{}]*#([\w-]+)")


def without_preface(lines: list[str]) -> list[str]:
    """The lines with everything that is not text left empty, so that line numbers stay true."""
    return _without_attributes(_without_comments(_without_front_matter(lines)))


def title(lines: list[str]) -> str:
    """What the front matter says the document is called, or ""."""
    found = next(filter(None, map(_TITLE.match, lines[: _front_matter(lines)])), None)
    return found[1].strip().strip("\"'").strip() if found else ""


def _front_matter(lines: list[str]) -> int:
    """How many lines it takes, its two lines of dashes among them."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    return next((end + 1 for end, line in enumerate(lines) if end and line.rstrip() in ("---", "...")), 0)


def _without_front_matter(lines: list[str]) -> list[str]:
    length = _front_matter(lines)
    return [""] * length + lines[length:]


def _without_comments(lines: list[str]) -> list[str]:
    if not any("{::comment}" in line for line in lines):
        return lines
    text = "\n".join(lines)
    kept, position = [], 0
    while start := _COMMENT_START.search(text, position):
        end = _COMMENT_END.search(text, start.end())
        if end is None:
            break
        kept.append(text[position : start.start()] + "\n" * text.count("\n", start.start(), end.end()))
        position = end.end()
    return ("".join(kept) + text[position:]).split("\n")


def _without_attributes(lines: list[str]) -> list[str]:
    if not any("{" in line for line in lines):
        return lines
    kept, fence = [], ""
    for line in lines:
        found = _FENCE.match(line)
        if found and not fence:
            fence = found[1]
        elif found and found[1].startswith(fence) and not line.strip(" >`~"):
            fence = ""
        if fence or not _ATTRIBUTE_LINE.match(line):
            kept.append(line)
        else:
            named = _ID.search(line)
            kept.append(f'<a id="{named[1]}"></a>' if named else "")
    return kept
