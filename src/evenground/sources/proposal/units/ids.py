"""Units that have ids: in one column, or in one for districts and one for schools."""

from __future__ import annotations

from collections.abc import Mapping

from evenground.engine import quoted
from evenground.sources.proposal.columns import UNIT_ID, UNIT_NAME, Role
from evenground.sources.proposal.groups import HIGH, LOW, MEDIUM
from evenground.sources.proposal.profile import Profile
from evenground.sources.proposal.recognition import Shape, recognition
from evenground.sources.proposal.units.levels import by_column, set_levels
from evenground.sources.proposal.units.lookup import Lookup, text
from evenground.sources.proposal.units.named import set_names
from evenground.sources.proposal.units.plan import Remark, UnitPlan
from evenground.sources.proposal.units.state import set_state
from evenground.sources.proposal.words import Phrases
from evenground.sources.published.states import states_by


def whole(file: Lookup, role: Role) -> UnitPlan:
    """Ids of one column: of schools, of districts, or of several levels."""
    column, profile = role.column, file.profiles[role.column]
    names = file.held(UNIT_NAME)
    longest = max(profile.lengths)
    shape = _shape(file, role, longest)
    plan = UnitPlan(column, "school", {}, columns=(column,))
    plan.remarks["unit"] = Remark(role.confidence, role.evidence)
    pad = _lost_zeros(file, profile, shape)
    if pad:
        plan.unit = {"join": [column], "pad": [pad]}
        longest = pad
        plan.remarks["unit"] = Remark(MEDIUM, f"{role.evidence}; shorter ones have lost their zeros")
    prefix, why = _prefix(file, column, pad, longest, shape, names)
    only_districts = role.level == "district" or (
        role.level != "any" and "school" not in names and "district" in names and prefix is None
    )
    if only_districts and file.level is None:
        plan.files = "district"
        same = len(profile.lengths) == 1 or pad
        plan.units = {"district_digits": longest} if same else {"separator": file.separator([column])}
        plan.remarks["units"] = Remark(HIGH if same else MEDIUM, f"{why or 'a row is a district'}")
    elif prefix:
        plan.units = {"district_digits": prefix, "school_digits": longest}
        sure = HIGH if shape or why.startswith("the first") else LOW
        plan.remarks["units"] = Remark(sure, why)
    else:
        plan.units = {"district": {"id": "all", "name": file.title}}
        why = "no column says which district a school is in; all are put into one"
        plan.remarks["units"] = Remark(LOW, why)
    set_state(file, plan, shape)
    set_levels(file, plan, column, pad, prefix, longest, shape)
    set_names(file, plan, names)
    return plan


def _shape(file: Lookup, role: Role, longest: int) -> Shape | None:
    """A known build of ids, where the column's name says so and the length is right."""
    return next(
        (
            shape
            for shape in recognition().units.shapes.values()
            if shape.digits == longest
            and (Phrases(shape.words).within(role.column) or _fits_states(file, role.column, shape))
        ),
        None,
    )


def _fits_states(file: Lookup, column: str, shape: Shape) -> bool:
    """Federal ids begin with the state's code."""
    if shape.state is not None:
        return False
    codes = ", ".join(f"'{code}'" for code in states_by("fips"))
    return file.share(f"LEFT({text(column)}, 2) IN ({codes})") == 1 and file.state_column() is not None


def _lost_zeros(file: Lookup, profile: Profile, shape: Shape | None) -> int | None:
    """The length that ids should have, where some are one or two digits short."""
    lengths = sorted(profile.lengths)
    if not profile.digits or len(lengths) < 2 or lengths[-1] - lengths[0] > 1 or file.level:
        return None
    return lengths[-1]


def _prefix(
    file: Lookup, column: str, pad: int | None, longest: int, shape: Shape | None, names: Mapping[str, Role]
) -> tuple[int | None, str]:
    """How many characters of a school's id are its district's, and how that was found."""
    if shape:
        return shape.district, shape.meaning
    district = names.get("district") or file.held(UNIT_ID).get("district")
    if district is None:
        return None, ""
    word, name = text(column, pad), text(district.column)
    rows = f"{word} <> '' AND {name} <> '' AND LENGTH({word}) = {longest}"
    many = file.one(f"SELECT COUNT(DISTINCT {name}) FROM {quoted(file.table)} WHERE {rows}")
    if many < 2:
        return None, "all rows are of one district"
    for digits in range(2, longest):
        kept = file.one(f"""
            SELECT COALESCE(SUM(best) / SUM(every), 0) FROM (
                SELECT part, MAX(n) AS best, SUM(n) AS every FROM (
                    SELECT LEFT({word}, {digits}) AS part, {name} AS name, COUNT(*) AS n
                    FROM {quoted(file.table)} WHERE {rows} GROUP BY ALL) GROUP BY part)""")
        parts = file.one(
            f"SELECT COUNT(DISTINCT LEFT({word}, {digits})) FROM {quoted(file.table)} WHERE {rows}"
        )
        if kept >= recognition().limit("shared_prefix"):
            if parts > many * 1.5:
                return None, ""
            found = f"the first {digits} characters go with one `{district.column}` each"
            return digits, found
    return None, ""


def two(file: Lookup, ids: Mapping[str, Role]) -> UnitPlan:
    """Ids of schools that begin with those of their districts, or two that only together tell a school."""
    district, school = ids["district"].column, ids["school"].column
    begins = file.share(
        f"STARTS_WITH({text(school)}, {text(district)})", f"{text(district)} <> '' AND {text(school)} <> ''"
    )
    nested = begins == 1 and len(file.profiles[district].lengths) == 1
    plan = _nested(file, ids) if nested else _joined(file, ids)
    set_names(file, plan, file.held(UNIT_NAME))
    return plan


def _nested(file: Lookup, ids: Mapping[str, Role]) -> UnitPlan:
    district, school = ids["district"].column, ids["school"].column
    lengths = file.profiles[school].lengths
    digits, longest = max(file.profiles[district].lengths), max(lengths)
    shape = _shape(file, ids["school"], longest)
    plan = UnitPlan(school, "school", {"district_digits": digits}, columns=(school, district))
    if len(lengths) == 1:
        plan.units["school_digits"] = longest
    plan.remarks["unit"] = Remark(HIGH, f"{ids['school'].evidence}; it begins with `{district}`")
    plan.remarks["units"] = Remark(HIGH, f"every `{school}` begins with its `{district}`")
    set_state(file, plan, shape)
    set_levels(file, plan, school, None, digits, longest, shape)
    return plan


def _joined(file: Lookup, ids: Mapping[str, Role]) -> UnitPlan:
    columns = [ids[level].column for level in ("county", "district", "school") if level in ids]
    sizes = [max(file.profiles[column].lengths) for column in columns]
    shape = next(
        (
            shape
            for shape in recognition().units.shapes.values()
            if shape.digits == sum(sizes) and shape.state
        ),
        None,
    )
    if shape is None and "county" in ids:
        columns, sizes = columns[1:], sizes[1:]
    if all(file.profiles[column].digits for column in columns) or shape:
        plan = UnitPlan(
            {"join": columns, "pad": sizes},
            "school",
            {"district_digits": sum(sizes[:-1]), "school_digits": sum(sizes)},
            columns=tuple(columns),
        )
        why = f"{len(columns)} columns of ids, with zeros in front to {', '.join(map(str, sizes))} digits"
        plan.remarks["unit"] = Remark(HIGH if shape else MEDIUM, why)
        plan.remarks["units"] = Remark(HIGH, shape.meaning if shape else "the lengths of the ids")
    else:
        by = file.separator(columns)
        plan = UnitPlan({"join": columns, "by": by}, "school", {"separator": by}, columns=tuple(columns))
        plan.remarks["unit"] = Remark(MEDIUM, "two columns of ids, put together as they stand")
        plan.remarks["units"] = Remark(MEDIUM, "the district is what stands before the sign")
    set_state(file, plan, shape)
    if file.level:
        by_column(file, plan, joined=True)
    return plan
