"""What one change says."""

from __future__ import annotations

from evenground.definitions import said
from evenground.model import VALUE
from evenground.model.together import is_rest_place
from evenground.press import Words, bases, count, whole
from evenground.report.difference.cells import same
from evenground.report.difference.compare import Change, Difference
from evenground.report.story.speech import Speech


def sentence(speech: Speech, difference: Difference, change: Change) -> Words:
    """The change as a sentence, in every language. Of a number it says what both reviews say, and never that
    it got better: other students may have been counted."""
    return _SAYS[change.kind](speech, difference, change)


def place_name(speech: Speech, change: Change) -> Words:
    if is_rest_place(change.unit_id):
        return speech.wording.label(f"together.{change.unit_level}")
    return Words.same(change.unit_name)


def indicator_name(speech: Speech, key: str) -> Words:
    """An indicator that these definitions do not know any more keeps its key."""
    known = speech.definitions.indicators.get(key)
    return said(known.name) if known else Words.same(key)


def state_name(speech: Speech, state: object) -> Words:
    return speech.wording.label("diff.shown" if state == VALUE else str(state))


def _focus(speech: Speech, difference: Difference, change: Change) -> Words:
    return speech.wording.set(f"diff.place.{change.what}", a=change.after, b=change.before)


def _asked(speech: Speech, difference: Difference, change: Change) -> Words:
    option = "--" + change.what.replace("_", "-")
    told = {"a": _or_none(speech, change.after), "b": _or_none(speech, change.before)}
    return speech.wording.set("diff.ask", what=option, **told)


def _or_none(speech: Speech, value: object) -> Words:
    return speech.wording.label("diff.left_out") if value is None else Words.same(str(value))


def _policy(speech: Speech, difference: Difference, change: Change) -> Words:
    known = speech.definitions.policies
    names = {
        name: said(known[key].name) if (key := str(value)) in known else Words.same(key)
        for name, value in (("a", change.after), ("b", change.before))
    }
    return speech.wording.set(f"diff.policy.{change.what}", **names)


def _inputs(speech: Speech, difference: Difference, change: Change) -> Words:
    return speech.wording.set(f"diff.inputs.{change.way}", what=change.what)


def _made(speech: Speech, difference: Difference, change: Change) -> Words:
    if change.what == "corrects":
        return speech.wording.set("diff.corrects", reason=change.after or change.before)
    what = speech.wording.label(
        {"evenground": "version", "definitions": "definitions_hash"}.get(change.what, change.what)
    )
    if change.what == "definitions":
        return speech.wording.set("diff.made.definitions")
    return speech.wording.set("diff.made.with", what=what, a=change.after, b=change.before)


def _short(speech: Speech, difference: Difference, change: Change) -> Words:
    before, after = (one.short.get(change.what) for one in (difference.old, difference.new))
    if before and after:
        return speech.wording.label("diff.short.other", finding=after, before=before)
    return speech.wording.label(f"diff.short.{change.way}", finding=after or before)


def _check(speech: Speech, difference: Difference, change: Change) -> Words:
    return speech.wording.label(f"diff.short.{change.way}", finding=change.what)


def _renamed(speech: Speech, difference: Difference, change: Change) -> Words:
    return speech.wording.set("diff.rename", a=change.after, b=change.before)


def _listed(speech: Speech, difference: Difference, change: Change) -> Words:
    """A year, place, indicator or group that only one of the two has."""
    names = {
        "years": lambda: speech.period(change.period),
        "places": lambda: place_name(speech, change),
        "indicators": lambda: indicator_name(speech, change.indicator),
        "groups": lambda: speech.name(change.group),
    }
    return speech.wording.set(f"diff.{change.way}", list=names[change.kind]())


def _verdict(speech: Speech, difference: Difference, change: Change) -> Words:
    told = {"a": _reading(speech, change, change.after), "b": _reading(speech, change, change.before)}
    apart = change.period != change.period_before
    words = speech.wording.set(
        "diff.turned.years" if apart else "diff.turned",
        what=_about(speech, change),
        period=change.period,
        **(told | ({"from": change.period_before} if apart else {})),
    )
    return _at(speech, difference, change, words)


def _reading(speech: Speech, change: Change, verdict: object) -> Words:
    if change.measure == "gap_change" and verdict == "no_clear_change":
        return speech.wording.label("diff.gap_same")
    return _code(speech, "verdict", verdict)


def _number(speech: Speech, difference: Difference, change: Change) -> Words:
    """Both values of a share or average, and how many were counted where that is not the same number."""
    after, before = change.after, change.before
    if not isinstance(after, float) or not isinstance(before, float) or same(before, after):
        return _at(speech, difference, change, _counted(speech, change))
    words = _value(speech, change, before, after)
    if not same(change.n_before, change.n_after):
        words = words.then(_counted(speech, change))
    return _at(speech, difference, change, words)


def _value(speech: Speech, change: Change, before: float, after: float) -> Words:
    known = speech.definitions.indicators.get(change.indicator)
    if known is None:
        return speech.wording.set("diff.value", what=_about(speech, change), a=f"{after:g}", b=f"{before:g}")
    base = bases(after, before, apart=True) if speech.share(change.indicator) else 100
    told = [speech.amount(change.indicator, value, base) for value in (after, before)]
    period = speech.period(change.period)
    if told[0] == told[1]:
        return speech.wording.set("diff.value.hardly", what=_about(speech, change))
    if speech.counts_people(change.indicator):
        words = {"group": speech.people(change.indicator, change.group), "phrase": said(known.phrase)}
        a, b = (f"{whole(value * base):,}" for value in (after, before))
        return speech.wording.set("diff.value.rate", base=f"{base:,}", a=a, b=b, period=period, **words)
    figures = [speech.figure(change.indicator, value) for value in (after, before)]
    words = {"what": _about(speech, change)}
    return speech.wording.set("diff.value", **words, a=figures[0], b=figures[1])


def _counted(speech: Speech, change: Change) -> Words:
    """How many stand behind a number, which is another number of students than before."""
    a, b = ("—" if n is None else count(n) for n in (change.n_after, change.n_before))
    before, after = change.before, change.after
    if not isinstance(after, float) or not isinstance(before, float) or same(before, after):
        return speech.wording.set("diff.counted", what=_about(speech, change), a=a, b=b)
    return speech.wording.set("diff.counted.too", a=a, b=b)


def _state(speech: Speech, difference: Difference, change: Change) -> Words:
    states = {"a": state_name(speech, change.after), "b": state_name(speech, change.before)}
    words = speech.wording.set("diff.value", what=_about(speech, change), **states)
    return _at(speech, difference, change, words)


def _range(speech: Speech, difference: Difference, change: Change) -> Words:
    words = speech.wording.set("diff.value", what=_about(speech, change), a=change.after, b=change.before)
    return _at(speech, difference, change, words)


def _row(speech: Speech, difference: Difference, change: Change) -> Words:
    words = speech.wording.set(f"diff.{change.way}", list=_about(speech, change))
    return _at(speech, difference, change, words)


def _computed(speech: Speech, difference: Difference, change: Change) -> Words:
    measure = _code(speech, "measure", change.measure)
    what = Words.each(lambda told, kind: f"{told} ({kind})", _about(speech, change), measure)
    values = change.after, change.before
    a, b = (f"{value:.4g}" if isinstance(value, float) else str(value) for value in values)
    return _at(speech, difference, change, speech.wording.set("diff.value", what=what, a=a, b=b))


def _wording(speech: Speech, difference: Difference, change: Change) -> Words:
    return speech.wording.set("diff.words", a=change.after, b=change.before)


def _about(speech: Speech, change: Change) -> Words:
    """Indicator, group and year: "A-G courses, Black students, 2015-16"."""
    parts = (
        indicator_name(speech, change.indicator),
        speech.name(change.group),
        speech.period(change.period),
    )
    return Words.each(lambda *told: ", ".join(told), *parts)


def _at(speech: Speech, difference: Difference, change: Change, words: Words) -> Words:
    """A sentence about another place than the one in focus starts with its name."""
    about = difference.new.released.about
    if (change.unit_level, change.unit_id) == (about.unit_level, about.unit_id):
        return words
    return Words.each(lambda place, told: f"{place}: {told}", place_name(speech, change), words)


def _code(speech: Speech, column: str, code: object) -> Words:
    """What a code means, within a sentence; one that we do not know stands as it is."""
    key = f"{column}.{code}"
    if key not in speech.wording.keys("codes"):
        return Words.same(str(code))
    return Words.each(lambda text: text[:1].lower() + text[1:], speech.wording.entry("codes", key))


_SAYS = {
    "place": _focus,
    "asked": _asked,
    "policy": _policy,
    "inputs": _inputs,
    "made": _made,
    "years": _listed,
    "places": _listed,
    "indicators": _listed,
    "groups": _listed,
    "renamed": _renamed,
    "short": _short,
    "checks": _check,
    "verdict": _verdict,
    "number": _number,
    "together": _number,
    "range": _range,
    "state": _state,
    "rows": _row,
    "computed": _computed,
    "wording": _wording,
}
