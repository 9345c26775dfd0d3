"""SQL of where a unit is: the district of a school's id, the state of a district's."""

from __future__ import annotations

from evenground.engine import literal
from evenground.sources.published.mapping import Units
from evenground.sources.published.states import states_by


def district_of(units: Units, unit: str) -> str:
    """Our id of the district that the id `unit` (SQL) of a school, or of a district, is in."""
    if units.district is not None:
        return literal(units.district.id)
    if units.separator is None:
        return f"LEFT({unit}, {units.district_digits})"
    return _before_last(unit, units.separator)


def state_of(units: Units, district: str) -> str:
    """Our id of the state that the id `district` (SQL) is in; null where no state is known."""
    if units.state is not None:
        return literal(units.state.id)
    if units.states is None:
        return "NULL::VARCHAR"
    if units.state_digits is not None:
        return known_state(units, f"LEFT({district}, {units.state_digits})")
    return known_state(units, f"SPLIT_PART({district}, {literal(units.separator or '')}, 1)")


def known_state(units: Units, word: str) -> str:
    """Our id of the state that the files call `word` (SQL); null where there is none of this name."""
    codes = states_by(units.states or "postal")
    cases = " ".join(f"WHEN {literal(code.upper())} THEN {literal(state)}" for code, state in codes.items())
    return f"CASE UPPER({word}) {cases} END"


def _before_last(unit: str, separator: str) -> str:
    last = f"SPLIT_PART({unit}, {literal(separator)}, -1)"
    return f"LEFT({unit}, LENGTH({unit}) - LENGTH({last}) - {len(separator)})"
