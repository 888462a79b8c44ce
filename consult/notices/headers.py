"""What stands in a header of a mail: one line of words that are words and nothing else, written as RFC 2047 has it.

We fold these headers ourselves: the folding of `email.policy` loses the quotes of a long name at the end of a line,
and what was a name there becomes an address. Pure.
"""

import re
import unicodedata
from email.header import Header

LONGEST = 200
LONGEST_WORD = 60  # in a line of a header; a longer one is cut by encoding it
PLAIN = re.compile(r"[A-Za-z0-9 ]*")  # a name that needs neither quotes nor encoding
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def one_line(words: str) -> str:
    """Return words without line ends, without what cannot be seen, and with nothing that reads as encoded.

    Words such as `=?utf-8?q?=0d=0aBcc:?=` would be decoded when the header is folded, line ends and all
    (CVE-2024-6923): a blank between the two signs keeps them words.
    """
    seen = "".join(" " if unicodedata.category(letter) in UNSEEN else letter for letter in words)
    return " ".join(seen.replace("=?", "= ?").split())[:LONGEST].rstrip()


def encoded(words: str, header: str) -> str:
    """Return words as they are written into a header, folded; the lines after the first begin with a blank."""
    line = one_line(words)
    can_be_folded = line.isascii() and all(len(word) <= LONGEST_WORD for word in line.split())
    return Header(line, "us-ascii" if can_be_folded else "utf-8", header_name=header).encode()


def mailbox(name: str, address: str) -> str:
    """Return a name and an address as they are written into a header; what a name holds stays a name."""
    line = one_line(name)
    if not PLAIN.fullmatch(line):
        line = Header(line, "utf-8", header_name="From").encode()
    return f"{line}\n <{address}>" if len(line) > 30 else f"{line} <{address}>".strip()
