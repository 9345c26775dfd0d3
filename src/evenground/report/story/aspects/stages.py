"""At which step does the gap open? A group and all others along a chain, and what each step makes of it."""

from __future__ import annotations

from evenground.press import Line, Stages, Step, Words, count, decimal
from evenground.report.story.aspect import Aspect, Scene, Table
from evenground.report.story.figures import Figure, stop
from evenground.report.story.rows import Row


def stages(scene: Scene) -> Aspect | None:
    """The group for which the most are lost along the way, of the first chain that the data have."""
    gaps = scene.here("stage_gap")
    last = next((gap.indicator for gap in gaps), None)
    gaps = [gap for gap in gaps if gap.indicator == last]
    if not gaps:
        return None
    lead = min(gaps, key=lambda gap: (gap.verdict != "below", (gap.n or 0.0) * (gap.value or 0.0)))
    way = _Way(scene, lead)
    if len(way.own) < 2:
        return None
    say = scene.speech.wording
    return Aspect(
        "stages",
        say.label("aspect.stages"),
        way.finding(),
        (way.figure(),),
        way.sentences(),
        way.table(),
        say.set("aspect.stages.rests", n=count(way.students), period=lead.period).then(
            say.set("aspect.stages.order")
        ),
    )


class _Way:
    """One group's way along the chain beside that of all others: rows of each step, in its order."""

    def __init__(self, scene: Scene, lead: Row):
        self.scene, self.say, self.lead = scene, scene.speech, lead
        reached = [row for row in scene.here("stage_reached") if row.group == lead.group]
        own = [row for row in reached if row.reference == f"chain:{lead.indicator}"]
        # Fewer reach each further step.
        self.own = sorted(own, key=lambda row: (-(row.value or 0.0), row.indicator == lead.indicator))
        keys = [row.indicator for row in self.own]
        beside = {row.indicator: row for row in reached if row.reference == "others"}
        parts = {row.indicator: row for row in scene.here("stage_part") if row.group == lead.group}
        self.others, self.parts = [beside[key] for key in keys], [parts[key] for key in keys]
        most = {row.indicator for row in scene.here("stage_most") if row.group == lead.group}
        self.most = next((row for row in self.own if row.indicator in most), None)

    @property
    def students(self) -> float:
        """All who began."""
        return (self.own[0].n or 0.0) + (self.others[0].n or 0.0)

    def finding(self) -> Words:
        if self.lead.verdict != "below":
            return self.say.wording.set("aspect.stages.even")
        return self.say.wording.set(
            "aspect.stages.finding",
            base="100",
            group=self.say.people(self.own[0].indicator, self.lead.group),
            a=_hundred(self.own[-1]),
            b=_hundred(self.others[-1]),
        )

    def sentences(self) -> tuple[Words, ...]:
        """Which step costs most, and what they sum to."""
        say = self.say.wording
        if self.lead.verdict != "below":
            return ()
        size = decimal(abs(self.lead.value or 0.0) * 100)
        step = say.set("aspect.stages.no_most")
        if self.most is not None:
            step = say.set("aspect.stages.most", step=self.say.title(self.most.indicator))
        return (step, say.set("aspect.stages.sum", d=size))

    def figure(self) -> Figure:
        say = self.say.wording
        group = self.say.name(self.lead.group)
        lines = [_line(group, self.own, True), _line(say.label("others", "name"), self.others, False)]
        most = self.most.indicator if self.most else None
        steps = [Step(_points(part), part.indicator == most) for part in self.parts]
        names = (say.label("aspect.stages.start"), *(self.say.title(row.indicator) for row in self.own))
        chart = Stages(
            tuple(lines),
            names,
            tuple(steps),
            0.0,
            1.0,
            100,
            say.label("axis.share"),
            say.label("aspect.stages.gap"),
        )
        title = say.set("chart.stages", group=group)
        subtitle = say.set("chart.stages.subtitle", place=self.scene.place.title, period=self.lead.period)
        alt = say.set("chart.stages.alt", count=len(names), finding=stop(self.finding()))
        return Figure(chart, title, subtitle, alt)

    def table(self) -> Table:
        say = self.say.wording
        rows = [
            [
                self.say.title(own.indicator),
                Words.same(_hundred(own)),
                Words.same(_hundred(other)),
                Words.same(_points(part)),
            ]
            for own, other, part in zip(self.own, self.others, self.parts, strict=True)
        ]
        heads = [
            say.label("aspect.stages.step"),
            self.say.name(self.lead.group),
            say.label("others", "name"),
            say.label("aspect.stages.part"),
        ]
        return Table(say.label("aspect.stages.caption"), heads, rows)


def _line(name: Words, rows: list[Row], accent: bool) -> Line:
    return Line(name, (1.0, *(row.value for row in rows)), accent=accent, told=_hundred(rows[-1]))


def _hundred(row: Row) -> str:
    return count((row.value or 0.0) * 100)


def _points(row: Row) -> str:
    value = (row.value or 0.0) * 100
    return f"{'−' if value < 0 else '+'}{decimal(abs(value))}"
