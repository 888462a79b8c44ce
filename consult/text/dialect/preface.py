"""What stands in a source but is not text: front matter, kramdown's comments and attribute lines."""

import re

_FRONT_MATTER = re.compile(r"---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_COMMENT_START = re.compile(r"\{::comment\}")
_COMMENT_END = re.compile(r"\{:/(?:comment)?\}")
_ATTRIBUTE_LINE = re.compile(r"\s*(?:>\s*)*\{(?:: *[^{}]*|::[^{}]*/?|:/\w*|%.*%)\}\s*$")
_FENCE = re.compile(r"\s{0,3}(?:>\s?)*(`{3,}|~{3,})")
_ID = re.compile(r"\{:[^{}]*#([\w-]+)")


def without_preface(lines: list[str]) -> list[str]:
    """The lines with everything that is not text left empty, so that line numbers stay true."""
    return _without_attributes(_without_comments(_without_front_matter(lines)))


def _without_front_matter(lines: list[str]) -> list[str]:
    if not lines or lines[0].rstrip() != "---":
        return lines
    for end, line in enumerate(lines[1:], 1):
        if line.rstrip() in ("---", "..."):
            return [""] * (end + 1) + lines[end + 1 :]
    return lines


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
