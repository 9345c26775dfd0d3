"""A chart of the presentation program: drawn quietly, with its numbers at the marks."""

from __future__ import annotations

from typing import Any

from evenground.press.deck.native import Native, Series
from evenground.press.ink import LIGHT

_SMALL = 12
_FEW_YEARS = 8
_LINE = 0.055  # the height of a name, in parts of the chart
_SPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_CML = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def chart(shapes: Any, one: Native, box: tuple[int, int, int, int], tag: str, font: str) -> Any:
    """Adds the chart and gives its frame. The numbers are in a workbook in it, for whoever edits it."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Pt

    forms = {
        "bars": XL_CHART_TYPE.BAR_CLUSTERED,
        "stacked": XL_CHART_TYPE.BAR_STACKED,
        "lines": XL_CHART_TYPE.LINE_MARKERS,
    }
    data = CategoryChartData(number_format=one.number_format)
    data.categories = one.categories
    for series in one.series:
        data.add_series(series.name, series.values)
    frame = shapes.add_chart(forms[one.form], *box, data)
    drawn = frame.chart
    drawn.has_title = False
    drawn.font.size, drawn.font.name = Pt(_SMALL), font
    drawn.font.color.rgb = _colour("ink")
    _language(drawn, tag)
    _axes(drawn, one)
    {"bars": _bars, "stacked": _stacked, "lines": _lines}[one.form](drawn, one)
    return frame


def _axes(drawn: Any, one: Native) -> None:
    from pptx.enum.chart import XL_TICK_LABEL_POSITION

    values, names = drawn.value_axis, drawn.category_axis
    values.minimum_scale, values.maximum_scale = one.start, one.end
    values.major_gridlines.format.line.color.rgb = _colour("grid")
    values.format.line.fill.background()
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = one.number_format, False
    names.format.line.color.rgb = _colour("rule")
    names.has_major_gridlines = False
    if one.form != "lines":
        names.reverse_order = True  # the first row at the top
        names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        values.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    if one.axis:
        values.has_title = True
        values.axis_title.text_frame.text = one.axis
        run = values.axis_title.text_frame.paragraphs[0].runs[0]
        run.font.bold, run.font.color.rgb = False, _colour("soft")


def _bars(drawn: Any, one: Native) -> None:
    plot = drawn.plots[0]
    plot.gap_width, plot.overlap = 60, -10
    drawn.has_legend = len(one.series) > 1
    if drawn.has_legend:
        _legend(drawn)
    for bars, series in zip(plot.series, one.series, strict=True):
        _filled(bars.format, series.tone)
        for at in series.accents:
            _filled(bars.points[at].format, "accent")
        if series.reference is not None:
            _filled(bars.points[series.reference].format, "ink")
        inside = _room_inside(one)
        _labels(bars, one, "ground" if inside and series.tone != "grid" else "ink")
        bars.data_labels.position = _position("INSIDE_BASE" if inside else "OUTSIDE_END")
        if any(low or high for low, high in series.margins):
            _margins(bars, series)


def _stacked(drawn: Any, one: Native) -> None:
    plot = drawn.plots[0]
    plot.gap_width, plot.overlap = 40, 100
    drawn.has_legend = True
    _legend(drawn)
    for bars, series in zip(plot.series, one.series, strict=True):
        _filled(bars.format, series.tone)
        _labels(bars, one, series.tone.replace("deep", "on"))


def _lines(drawn: Any, one: Native) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.util import Pt

    drawn.has_legend = False
    _room_for_names(drawn)
    nudges = _nudges(one)
    for at, (line, series) in enumerate(zip(drawn.plots[0].series, one.series, strict=True)):
        line.smooth = False
        line.format.line.color.rgb = _colour(series.tone)
        line.format.line.width = Pt(3 if series.tone == "accent" else 1.75)
        few = len(one.categories) <= _FEW_YEARS
        line.marker.style = XL_MARKER_STYLE.CIRCLE if few else XL_MARKER_STYLE.NONE
        if few:
            line.marker.size = 7
            _filled(line.marker.format, series.tone)
        last = series.last
        if last is not None:
            _end(line.points[last].data_label, series, last, nudges[at])


def _end(label: Any, series: Series, last: int, nudge: float) -> None:
    """The name of a line and its last value, at its end."""
    from pptx.util import Pt

    label.has_text_frame = True
    label.position = _position("RIGHT")
    label.text_frame.text = f"{series.name} {series.written[last]}"
    run = label.text_frame.paragraphs[0].runs[0]
    run.font.size, run.font.color.rgb = Pt(_SMALL), _colour(series.tone)
    run.font.bold = series.tone == "accent"
    moved = _element(
        f"<c:layout {_SPACES}><c:manualLayout>"
        f'<c:x val="0"/><c:y val="{nudge:g}"/></c:manualLayout></c:layout>'
    )
    label._dLbl.find(f"{_CML}idx").addnext(moved)


def _room_for_names(drawn: Any) -> None:
    """The plot ends before the names of the lines begin."""
    area = drawn._chartSpace.chart.plotArea
    for old in area.findall(f"{_CML}layout"):
        area.remove(old)
    sides = zip(("x", "y", "w", "h"), (0.08, 0.04, 0.64, 0.78), strict=True)
    area.insert(
        0,
        _element(
            f'<c:layout {_SPACES}><c:manualLayout><c:layoutTarget val="inner"/>'
            '<c:xMode val="edge"/><c:yMode val="edge"/>'
            + "".join(f'<c:{side} val="{part}"/>' for side, part in sides)
            + "</c:manualLayout></c:layout>"
        ),
    )


def _nudges(one: Native) -> list[float]:
    """How far each name is moved down (in parts of the chart), so that no two stand on each other."""
    span = ((one.end or 0.0) - (one.start or 0.0)) or 1.0
    ends = [
        ((one.end or 0.0) - (series.values[series.last] or 0.0)) / span * 0.78
        if series.last is not None
        else 0.0
        for series in one.series
    ]
    placed, nudges = -1.0, [0.0] * len(ends)
    for at in sorted(range(len(ends)), key=lambda at: ends[at]):
        spot = max(ends[at], placed + _LINE)
        nudges[at], placed = spot - ends[at], spot
    return nudges


def _labels(bars: Any, one: Native, tone: str) -> None:
    labels = bars.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = one.number_format, False
    labels.font.color.rgb = _colour(tone)


def _room_inside(one: Native) -> bool:
    """Whether every bar is long enough for its number; at its end the thin bar of chance is in the way."""
    told = [value for series in one.series for value in series.values if value is not None]
    return min(told, default=0.0) - (one.start or 0.0) >= 0.08 * ((one.end or 0.0) - (one.start or 0.0))


def _margins(bars: Any, series: Series) -> None:
    """How far chance could move each value, as thin bars around its end."""
    bounds = "".join(
        f'<c:{side}><c:numLit><c:ptCount val="{len(series.margins)}"/>'
        + "".join(
            f'<c:pt idx="{at}"><c:v>{margin[place]:g}</c:v></c:pt>'
            for at, margin in enumerate(series.margins)
        )
        + f"</c:numLit></c:{side}>"
        for side, place in (("plus", 1), ("minus", 0))
    )
    line = f'<a:ln w="15875"><a:solidFill><a:srgbClr val="{LIGHT["ink"][1:].upper()}"/></a:solidFill></a:ln>'
    written = (
        f"<c:errBars {_SPACES}>"
        '<c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="1"/>'
        f"{bounds}<c:spPr>{line}</c:spPr></c:errBars>"
    )
    bars._element.find(f"{_CML}cat").addprevious(_element(written))


def _element(written: str) -> Any:
    from pptx.oxml import parse_xml

    return parse_xml(written)


def _legend(drawn: Any) -> None:
    from pptx.enum.chart import XL_LEGEND_POSITION

    drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False


def _filled(shape: Any, tone: str) -> None:
    shape.fill.solid()
    shape.fill.fore_color.rgb = _colour(tone)


def _language(drawn: Any, tag: str) -> None:
    for words in drawn._chartSpace.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}defRPr"):
        words.set("lang", tag)


def _colour(tone: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(LIGHT[tone][1:].upper())


def _position(name: str) -> Any:
    from pptx.enum.chart import XL_LABEL_POSITION

    return XL_LABEL_POSITION[name]
