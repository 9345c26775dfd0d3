"""The same content is the same bytes, with our colours: no clock, no leftovers of the library's template."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from evenground.press.ink import LIGHT

FONT = "Arial"
"""A font that every machine has."""

_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment that an archive can hold
_ACCENTS = ("accent", "rule", "soft", "deep3", "deep2", "deep1")


def bytes_of(written: bytes, made_on: datetime) -> bytes:
    """An Office file, and the workbooks in it, with one date and nothing of the clock."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(written)) as before,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            content = before.read(name)
            if name.endswith(".xlsx"):
                content = bytes_of(content, made_on)
            elif name.startswith("ppt/theme/"):
                content = _theme(content)
            elif name == "docProps/core.xml":
                content = _MOMENT.sub(rb"\g<1>" + f"{made_on:%Y-%m-%dT%H:%M:%SZ}".encode(), content)
            after.writestr(zipfile.ZipInfo(name, _LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _theme(theme: bytes) -> bytes:
    """Our accent and neutrals and one font, so that what somebody adds looks the same."""
    text = theme.decode("utf-8")
    text = re.sub(r'(<a:latin typeface=")[^"]*', rf"\g<1>{FONT}", text)
    for at, tone in enumerate(_ACCENTS, start=1):
        colour = f'<a:srgbClr val="{LIGHT[tone][1:].upper()}"/>'
        text = re.sub(rf"(<a:accent{at}>).*?(</a:accent{at}>)", rf"\g<1>{colour}\g<2>", text)
    return text.encode("utf-8")


def drop(part: Any, kinds: Sequence[str]) -> None:
    """Takes out what the template relates to and we do not need."""
    relations = part._rels
    for key, relation in list(relations.items()):
        if relation.reltype.rpartition("/")[2] in kinds:
            relations.pop(key)
