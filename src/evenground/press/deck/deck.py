"""A presentation: 16:9, one accent, a font that every machine has, nothing left empty, the same bytes for the
same content.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from evenground.press.deck import drawing, same
from evenground.press.deck.native import Native
from evenground.press.ink import LIGHT

_WIDTH, _HEIGHT = 12_192_000, 6_858_000  # EMU: 13.333 by 7.5 inches
_INCH = 914_400
_TITLE = (0.6, 0.35, 12.1, 1.05)
_SUBTITLE = (0.6, 1.42, 12.1, 0.4)
_CHART = (0.5, 1.9, 8.3, 4.75)
_TEXT = (9.0, 2.0, 3.75, 4.6)
_WHOLE = (0.6, 1.6, 12.1, 5.0)
_FOOT = (0.6, 6.95, 12.1, 0.35)
_LAYOUTS = ("Title Slide", "Title and Content")
_TITLE_SIZES = ((105, 26), (140, 22), (10_000, 18))  # up to so many signs, so large
_TEXT_SIZES = ((300, 16), (10_000, 14))
_TAGS = {"en": "en-US", "es": "es-US"}
_DML = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@dataclass(frozen=True)
class Slide:
    """One finding: its title, measure, place and year, a chart with its alternative, a few words beside it,
    and what the speaker reads."""

    title: str
    subtitle: str = ""
    chart: Native | None = None
    alternative: str = ""
    text: Sequence[str] = ()
    notes: Sequence[str] = ()


@dataclass
class Deck:
    """`foot` stands at the bottom of every slide; `made_on` is the date in the file's properties."""

    title: str
    lang: str
    foot: str
    made_on: datetime
    file: Any = field(init=False)

    def __post_init__(self) -> None:
        from pptx import Presentation

        self.file = Presentation()
        self.file.slide_width, self.file.slide_height = _WIDTH, _HEIGHT
        self.tag = _TAGS.get(self.lang, self.lang)
        _plain_master(self.file)
        told = self.file.core_properties
        told.title, told.author, told.language = self.title, "evenground", self.tag
        told.last_modified_by, told.revision, told.subject, told.keywords = "evenground", 1, "", ""
        told.created = told.modified = self.made_on

    def first(self, title: str, lines: Sequence[str]) -> None:
        """The title slide."""
        slide = self.file.slides.add_slide(self.file.slide_layouts.get_by_name(_LAYOUTS[0]))
        self._set(slide.shapes.title.text_frame, [title], 36, bold=True)
        self._set(slide.placeholders[1].text_frame, lines, 18, "soft")

    def add(self, one: Slide) -> None:
        """A slide with a chart and words beside it, or with words alone."""
        slide = self.file.slides.add_slide(self.file.slide_layouts.get_by_name(_LAYOUTS[1]))
        title, body = slide.shapes.title, slide.placeholders[1]
        self._set(title.text_frame, [one.title], _size(_TITLE_SIZES, [one.title]), bold=True)
        if one.subtitle:
            box = slide.shapes.add_textbox(*_emu(_SUBTITLE))
            box.name = "Subtitle"
            self._set(box.text_frame, [one.subtitle], 14, "soft")
            title._element.addnext(box._element)  # read right after the title
        if one.chart is not None:
            frame = drawing.chart(slide.shapes, one.chart, _emu(_CHART), self.tag, same.FONT)
            frame._element.nvGraphicFramePr.cNvPr.set("descr", one.alternative)
            frame.name = "Chart"
            body._element.addprevious(frame._element)
        if not one.text:
            body._element.getparent().remove(body._element)
        else:
            _place(body, _TEXT if one.chart is not None else _WHOLE)
            self._set(body.text_frame, one.text, _size(_TEXT_SIZES, one.text))
        self._foot(slide)
        if one.notes:
            self._set(slide.notes_slide.notes_text_frame, one.notes, 12)
            for shape in list(slide.notes_slide.placeholders):
                if shape.placeholder_format.type in _unused():
                    shape._element.getparent().remove(shape._element)

    def written(self) -> bytes:
        """The file."""
        stream = io.BytesIO()
        self.file.save(stream)
        return same.bytes_of(stream.getvalue(), self.made_on)

    def _foot(self, slide: Any) -> None:
        """Source and date at the left, the number of the slide at the right."""
        left, top, width, height = _FOOT
        box = slide.shapes.add_textbox(*_emu((left, top, width - 1, height)))
        box.name = "Source"
        self._set(box.text_frame, [self.foot], 11, "soft")
        number = slide.shapes.add_textbox(*_emu((left + width - 1, top, 1, height)))
        number.name = "Slide number"
        self._set(number.text_frame, [str(len(self.file.slides))], 11, "soft")
        paragraph = number.text_frame.paragraphs[0]
        paragraph.alignment = _align("RIGHT")
        run = paragraph.runs[0]._r
        counted = run.makeelement(
            f"{_DML}fld", {"id": "{8C5A1D52-0B5E-4B3A-9D6B-2B8A4F7C1E10}", "type": "slidenum"}
        )
        counted.extend(deepcopy(part) for part in run)
        run.getparent().replace(run, counted)

    def _set(
        self, frame: Any, lines: Sequence[str], size: int, tone: str = "ink", *, bold: bool = False
    ) -> None:
        """Each line is a paragraph, each in the language of the slides."""
        from pptx.dml.color import RGBColor
        from pptx.util import Pt

        frame.word_wrap = True
        for at, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(size / 2)
            run = paragraph.add_run()
            run.text = line
            run.font.size, run.font.bold = Pt(size), bold
            run.font.color.rgb = RGBColor.from_string(LIGHT[tone][1:].upper())
            run._r.get_or_add_rPr().set("lang", self.tag)


def _size(sizes: Sequence[tuple[int, int]], lines: Sequence[str]) -> int:
    """The size of type at which so many signs fit."""
    signs = sum(map(len, lines))
    return next(size for most, size in sizes if signs <= most)


def _emu(box: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    left, top, width, height = (round(inches * _INCH) for inches in box)
    return left, top, width, height


def _place(shape: Any, box: tuple[float, float, float, float]) -> None:
    shape.left, shape.top, shape.width, shape.height = _emu(box)


def _align(name: str) -> Any:
    from pptx.enum.text import PP_ALIGN

    return PP_ALIGN[name]


def _plain_master(file: Any) -> None:
    """The template that comes with the library, made wide, quiet and ours: two layouts, one font, our accent,
    no picture of an empty slide and no printer of somebody's."""
    for layout in list(file.slide_layouts):
        if layout.name not in _LAYOUTS:
            file.slide_layouts.remove(layout)
    master = file.slide_master
    for sheet in (master, *file.slide_layouts):
        for shape in list(sheet.placeholders):
            if shape.placeholder_format.type in _unused():
                shape._element.getparent().remove(shape._element)
    first, content = (file.slide_layouts.get_by_name(name) for name in _LAYOUTS)
    for sheet in (master, content):
        _place(sheet.placeholders[0], _TITLE)
        _place(sheet.placeholders[1], _TEXT)
    _place(first.placeholders[0], (1, 1.6, 11.3, 2))
    _place(first.placeholders[1], (1, 3.9, 11.3, 2.4))
    _quiet(master, first)
    same.drop(file.part.package, ("thumbnail",))
    same.drop(file.part, ("printerSettings",))


def _quiet(master: Any, first: Any) -> None:
    """Titles at the left and from the top, no bullets."""
    for name in ("titleStyle", "bodyStyle"):
        for level in master._element.find(f".//{{*}}{name}"):
            level.set("algn", "l")
            for setting, value in (("marL", "0"), ("indent", "0")):
                level.set(setting, value)
            for bullet in level.findall(f"{_DML}buChar"):
                level.replace(bullet, bullet.makeelement(f"{_DML}buNone", {}))
    for sheet in (master, first):
        for shape in sheet.placeholders:
            shape.text_frame._txBody.bodyPr.set("anchor", "t")
    for level in first.placeholders[1]._element.iter(f"{_DML}lvl1pPr"):
        level.set("algn", "l")


def _unused() -> tuple[Any, ...]:
    from pptx.enum.shapes import PP_PLACEHOLDER

    return PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER
