"""Ink, not data: sentences set from patterns handed to it, charts, and the typesetting of pages and paper."""

from evenground.press.chart import (
    NARROW,
    WIDE,
    Chart,
    DotRow,
    Dots,
    Hundred,
    LevelRow,
    Levels,
    Line,
    Lines,
    Mark,
    Multiples,
    Panel,
    Share,
    Strip,
)
from evenground.press.html import Html, both, element, inline, join
from evenground.press.leaf import bar, contents, framed, leaf, pictured, plain_table, style
from evenground.press.number import bases, count, decimal, percent, span, whole
from evenground.press.paper import typeset
from evenground.press.words import Wording, Words, filled

__all__ = [
    "NARROW",
    "WIDE",
    "Chart",
    "DotRow",
    "Dots",
    "Html",
    "Hundred",
    "LevelRow",
    "Levels",
    "Line",
    "Lines",
    "Mark",
    "Multiples",
    "Panel",
    "Share",
    "Strip",
    "Wording",
    "Words",
    "bar",
    "bases",
    "both",
    "contents",
    "count",
    "decimal",
    "element",
    "filled",
    "framed",
    "inline",
    "join",
    "leaf",
    "percent",
    "pictured",
    "plain_table",
    "span",
    "style",
    "typeset",
    "whole",
]
