"""Marks in Vega-Lite's own terms."""

from __future__ import annotations

from typing import Any

from evenground.press.ink import SENTINELS

_POINTS = {"field": "y", "type": "quantitative", "scale": None, "axis": None}


def mark_layer(look: tuple[Any, ...], rows: list[dict[str, Any]], value: dict[str, Any]) -> dict[str, Any]:
    """All marks of one look as one layer."""
    kind, colour = look[0], SENTINELS[look[1]]
    placed = {
        "x": {"field": "x", "type": "quantitative", "scale": None, "axis": None},
        "y": dict(_POINTS),
    }
    valued = {"x": value, "y": dict(_POINTS)}
    ends = {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
    if kind in ("label", "text"):
        _, _, small, bold, align, clear = look
        halo = {"stroke": SENTINELS["ground"], "strokeWidth": 4} if clear else {}
        mark = {
            "type": "text",
            "color": colour,
            "align": align,
            "baseline": "middle",
            "fontSize": 12 if small else 13,
            "fontWeight": "bold" if bold else "normal",
            **halo,
        }
        return layer(
            rows,
            mark,
            {**(valued if kind == "text" else placed), "text": {"field": "t", "type": "nominal"}},
        )
    if kind == "line":
        _, _, thick, dash, _ = look
        mark = {
            "type": "rule",
            "color": colour,
            "strokeWidth": thick,
            **({"strokeDash": [4, 3]} if dash else {}),
        }
        return layer(rows, mark, {**valued, **ends})
    if kind == "bar":
        return layer(
            rows,
            {"type": "rect", "color": colour, "stroke": SENTINELS["ground"], "strokeWidth": 1},
            {**valued, **ends},
        )
    if kind == "block":
        return layer(rows, {"type": "square", "color": colour, "size": look[2] ** 2, "opacity": 1}, placed)
    _, _, filled, size = look
    mark = {
        "type": "point",
        "filled": filled,
        "shape": "circle",
        "size": size,
        "opacity": 1,
        "color": colour,
        "strokeWidth": 1.5,
        "fill": colour if filled else SENTINELS["ground"],
    }
    return layer(rows, mark, valued)


def layer(rows: list[dict[str, Any]], mark: dict[str, Any], encoding: dict[str, Any]) -> dict[str, Any]:
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}
