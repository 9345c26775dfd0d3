"""Ways in which files break: on the way, in an export, by hand, or on purpose; each by a seed."""

from __future__ import annotations

import gzip
import io
import warnings
import zipfile
from collections.abc import Callable
from random import Random

from tests.fuzz import seeds

Damage = Callable[[Random, bytes], bytes]


def _cut(rng: Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _flip(rng: Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 4, 30))):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _junk(rng: Random, data: bytes) -> bytes:
    place = rng.randrange(len(data) + 1)
    return data[:place] + rng.randbytes(rng.choice((1, 3, 40, 5_000))) + data[place:]


def _drop(rng: Random, data: bytes) -> bytes:
    place = rng.randrange(len(data) + 1)
    return data[:place] + data[place + rng.choice((1, 2, 20, 500)) :]


def _repeat(rng: Random, data: bytes) -> bytes:
    start = rng.randrange(len(data) + 1)
    piece = data[start : start + rng.choice((1, 10, 200))]
    return data[:start] + piece * rng.choice((2, 10, 3_000)) + data[start:]


def _put(*pieces: bytes) -> Damage:
    def put(rng: Random, data: bytes) -> bytes:
        for _ in range(rng.choice((1, 1, 3))):
            marks = [place for place, letter in enumerate(data) if letter in b',;\t^|\n"'] or [0]
            place = rng.choice((rng.randrange(len(data) + 1), rng.choice(marks), rng.choice(marks) + 1))
            data = data[:place] + rng.choice(pieces) + data[place:]
        return data

    return put


def _giant(rng: Random, data: bytes) -> bytes:
    place = data.find(b"Oak")
    filler = rng.choice((b"x", b"\xc3\xb1", b'""', b"\n", b"9", b"(", b" ")) * rng.choice(
        (200_000, 1_200_000)
    )
    quotes = rng.choice((b"", b'"'))
    return data[: max(place, 0)] + quotes + filler + quotes + data[max(place, 0) :]


def _wide(rng: Random, data: bytes) -> bytes:
    mark = rng.choice((b",", b";", b"\t"))
    return mark.join([b"column", b"", b"n"] * rng.choice((700, 9_000))) + b"\n" + data


def _line_ends(rng: Random, data: bytes) -> bytes:
    ends = (b"\n", b"\r\n", b"\r", b"\n\n", b"\r\r\n", b"\n\r", b"\x85", b"\xe2\x80\xa8")
    return b"".join(line + rng.choice(ends) for line in data.split(b"\n"))


def _encodings(rng: Random, data: bytes) -> bytes:
    names = ("utf-8", "cp1252", "latin-1", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "utf-7", "cp500")
    lines = (line.decode("utf-8", "replace") for line in data.splitlines(keepends=True))
    one, other = rng.choice(names), rng.choice(names)
    return b"".join(line.encode(rng.choice((one, one, other)), "replace") for line in lines)


def _columns(rng: Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    place = rng.randrange(len(lines))
    lines[place] = rng.choice(
        (b",".join([lines[place]] * 3), lines[place].replace(b",", b"", 1), b",,,,,,,,,")
    )
    return b"\n".join(lines)


def _header_twice(rng: Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    lines.insert(rng.randrange(len(lines)), lines[0])
    return b"\n".join(lines)


def _no_header(rng: Random, data: bytes) -> bytes:
    return data.split(b"\n", rng.choice((1, 2)))[-1]


def _noise(rng: Random, _: bytes) -> bytes:
    letters = rng.choice(
        (b'a,"\n', b"\x00\xff", bytes(range(256)), b'[{"a": 1}, ]', b"'\\;\t ", b"\r\n,", b"=")
    )
    return bytes(rng.choice(letters) for _ in range(rng.choice((0, 1, 2, 7, 60, 4_000))))


FORMULAS = (b"=1+1", b'=HYPERLINK("http://x","y")', b"+1", b"-1", b"@SUM(A1)", b"\t=1", b"=cmd|' /C calc'!A0")
NUMBERS = (
    b"1e999",
    b"-0",
    b"9" * 400,
    b"NaN",
    b"inf",
    b"0x10",
    b"1,5",
    b"1.2.3",
    b"\xd9\xa3",
    b"1e-400",
    b"\xc2\xbd",
)
WORDS = (
    b"'; DROP TABLE students; --", b"{{7*7}}", b"${HOME}", b"%s%n", b"../../etc/passwd", b"\\N",
    b"NULL", b"#REF!", b"<script>", b"\xe2\x80\xae", b"\xef\xbb\xbf", b"\x1b[31m", b"0000-00-00",
    b"2023-02-30", b"-9", b"*", b"<5", b"GE95", b">=95", b"LT50",
)  # fmt: skip
PIECES = (b'"', b'""', b'"x', b"\n", b"\r", b"\x00", b"\\", b",", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\x1a")

OF_TEXT: tuple[Damage, ...] = (
    _put(*PIECES), _put(*PIECES), _put(*FORMULAS), _put(*NUMBERS), _put(*WORDS), _giant, _wide, _line_ends,
    _encodings, _columns, _columns, _header_twice, _no_header,
)  # fmt: skip
OF_BYTES: tuple[Damage, ...] = (_cut, _cut, _flip, _flip, _flip, _junk, _drop, _repeat, _noise)


def of_archive(rng: Random, plain: bytes) -> bytes:
    """An archive with members that nobody should have packed."""
    names = (
        "../out.csv", "/tmp/out.csv", "C:\\out.csv", "a/../../../out.csv", "t.csv", "T.csv", "t.csv/",
        "in.zip", "\x00.csv", "n" * 300 + ".csv", "con.csv", "./t.csv", "a//b.csv",
        "ñ.csv", "students.csv",        "manifest.csv",
    )  # fmt: skip
    held = io.BytesIO()
    warnings.simplefilter("ignore", UserWarning)  # two files of one name are meant
    with zipfile.ZipFile(held, "w", rng.choice((0, 8, 12, 14))) as archive:
        for number in range(rng.choice((0, 1, 3, 40))):
            name = rng.choice(names) if rng.random() < 0.7 else f"{number}.csv"
            info = zipfile.ZipInfo(name or "x")
            info.external_attr = rng.choice(
                (0, 0o120777 << 16, 0o010644 << 16, 0o40755 << 16, 0o100644 << 16)
            )
            info.compress_type = archive.compression
            content = rng.choice(
                (plain, b"", seeds.sound()["t.zip"], gzip.compress(plain), b"1,2\n" * 100_000)
            )
            archive.writestr(info, content)
    data = held.getvalue()
    if rng.random() < 0.5:  # sizes, flags, methods and places in the list of members that are not true
        changed = bytearray(data)
        for mark, offsets in (
            (b"PK\x01\x02", range(8, 46)),
            (b"PK\x03\x04", range(6, 30)),
            (b"PK\x05\x06", range(8, 22)),
        ):
            if (place := changed.find(mark)) >= 0 and rng.random() < 0.6:
                changed[place + rng.choice(offsets)] = rng.randrange(256)
        data = bytes(changed)
    return data
