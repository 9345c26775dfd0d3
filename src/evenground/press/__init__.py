"""Ink, not data: sentences set from patterns handed to it, charts, and the typesetting of pages and paper."""

from evenground.press.chart import Chart, DotRow, LevelRow, Line, Mark, dots, draw_all, levels, lines, strip
from evenground.press.html import Html, both, element, inline, join
from evenground.press.leaf import bar, contents, framed, leaf, pictured, plain_table, style
from evenground.press.number import bases, count, decimal, percent, span, whole
from evenground.press.paper import typeset
from evenground.press.words import Wording, Words, filled

__all__ = [
    "Chart",
    "DotRow",
    "Html",
    "LevelRow",
    "Line",
    "Mark",
    "Wording",
    "Words",
    "bar",
    "bases",
    "both",
    "contents",
    "count",
    "decimal",
    "dots",
    "draw_all",
    "element",
    "filled",
    "framed",
    "inline",
    "join",
    "leaf",
    "levels",
    "lines",
    "percent",
    "pictured",
    "plain_table",
    "span",
    "strip",
    "style",
    "typeset",
    "whole",
]
