"""What a number about a whole system says: a sentence of its own where it has one, else its name and what it
is of. An indicator that only lends its counts is not named."""

from __future__ import annotations

from evenground.model import ALL
from evenground.press import Words, bases, count, decimal
from evenground.report.story.names import Names
from evenground.report.story.rows import Row

_BESIDE_GROUPS = ("similar", "others", "overall")  # references of numbers that each group has


def statistic(names: Names, row: Row) -> Words:
    """The whole finding."""
    about = _about(names, row)
    words = {
        "name": names.measure(row.measure),
        "indicator": names.title(row.indicator),
        "group": names.people(row.indicator, row.group),
        "from": row.period_from or "",
        "period": row.period,
        "x": names.statistic(row, row.value or 0.0).replace("-", "−"),
        "about": about,
        **_counted(names, row),
    }
    if row.reference:
        words["reference"] = _reference(names, row)
    return names.wording.set(_pattern(names, row, bool(about.en)), **words)


def _pattern(names: Names, row: Row, about: bool) -> str:
    """The most special pattern that there is: of the measure and its reference, of the measure, of any."""
    key = f"statistic.{row.measure}"
    kind, _, detail = (row.reference or "").partition(":")
    special = (f"{key}.{detail or kind}", key)
    return next(
        (one for one in special if names.wording.has(one)), "statistic" if about else "statistic.alone"
    )


def _about(names: Names, row: Row) -> Words:
    """What it is a number of: the indicator or the test, and the group or dimension."""
    of, kind = names.definitions.statistics[row.measure].of, (row.reference or "").partition(":")[0]
    parts = [] if of == "students" else [subject_of(names, row.indicator, row.measure)]
    if kind == "dimension":
        parts.append(_reference(names, row))
    elif row.group != ALL or (of == "indicator" and kind in _BESIDE_GROUPS):
        parts.append(names.name(row.group))
    return Words.each(lambda *texts: ", ".join(texts), *parts) if parts else Words("")


def subject_of(names: Names, indicator: str, measure: str) -> Words:
    """What a finding is a number of: its indicator, the test of which that is a level, or students, where the
    indicator only lends its counts of them."""
    statistic = names.definitions.statistics.get(measure)
    of, family = statistic.of if statistic else "indicator", names.indicator(indicator).family
    if of == "students":
        return names.wording.label("students_n")
    return names.wording.label(f"family.{family}") if of == "test" and family else names.title(indicator)


def _reference(names: Names, row: Row) -> Words:
    """Beside whom, of what or where."""
    reference = row.reference or ""
    kind, _, detail = reference.partition(":")
    if kind == "group":
        return names.people(row.indicator, detail)
    if kind == "dimension":
        return names.dimension(detail)
    if f"reference.{reference}" in names.wording.keys("codes"):
        return names.wording.entry("codes", f"reference.{reference}")
    return Words.same(detail or kind)


def _counted(names: Names, row: Row) -> dict[str, object]:
    """A share as so many of a base, and in points of 100. Verbs stand in the plural after it."""
    value = row.value or 0.0
    base = bases(max(value, 0.0))
    told = count(value * base)
    many = names.wording.label("fewer_than", x="2") if told == "1" else Words.same(told)
    return {"base": f"{base:,}", "a": many, "points": decimal(value * 100).replace("-", "−")}
