"""Ink, not data: sentences set from patterns handed to it, charts, and the typesetting of pages and paper."""

from evenground.press.chart import Chart
from evenground.press.chart.dots import DotRow, Dots
from evenground.press.chart.hundred import Hundred, Share
from evenground.press.chart.levels import LevelRow, Levels
from evenground.press.chart.lines import Line, Lines
from evenground.press.chart.matrix import Matrix, MatrixRow, Tally
from evenground.press.chart.multiples import Multiples, Panel
from evenground.press.chart.rows import NARROW, PRINT, WIDE
from evenground.press.chart.stages import Stages, Step
from evenground.press.chart.strip import Mark, Strip
from evenground.press.html import Html, both, element, inline, join
from evenground.press.leaf import bar, contents, folded, framed, leaf, pictured, plain_table, style
from evenground.press.number import bases, count, decimal, percent, span, whole
from evenground.press.paper import typeset
from evenground.press.words import Wording, Words, filled

__all__ = [
    "NARROW",
    "PRINT",
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
    "Matrix",
    "MatrixRow",
    "Multiples",
    "Panel",
    "Share",
    "Stages",
    "Step",
    "Strip",
    "Tally",
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
    "folded",
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
