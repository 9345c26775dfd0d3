"""A font in which every letter is the same block: a picture of a page is the same on every machine."""

from __future__ import annotations

import base64
import io
from functools import cache

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

_EM, _WIDE, _HIGH = 1000, 520, 620  # about as wide and as high as the letters that pages are read in
_SPACES = {0x20, 0xA0, 0x2009, 0x202F}
_LETTERS = [*range(0x20, 0x250), *range(0x2000, 0x2300)]


@cache
def blocks() -> str:
    """A style that sets every word of a page in blocks."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, _HIGH), (_WIDE - 90, _HIGH), (_WIDE - 90, 0)):
        pen.lineTo(corner)
    pen.closePath()
    builder = FontBuilder(_EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", "space", "block"])
    builder.setupCharacterMap({code: "space" if code in _SPACES else "block" for code in _LETTERS})
    empty = TTGlyphPen(None).glyph()
    builder.setupGlyf({".notdef": empty, "space": empty, "block": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (_WIDE, 0), "space": (260, 0), "block": (_WIDE, 0)})
    builder.setupHorizontalHeader(ascent=900, descent=-250)
    builder.setupNameTable({"familyName": "Blocks", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=900, sTypoDescender=-250, usWinAscent=900, usWinDescent=250)
    builder.setupPost()
    file = io.BytesIO()
    builder.save(file)
    data = base64.b64encode(file.getvalue()).decode()
    face = f"@font-face{{font-family:Blocks;src:url(data:font/ttf;base64,{data})}}"
    return f"{face} *,::before,::after,::marker{{font-family:Blocks!important;font-synthesis:none!important}}"
