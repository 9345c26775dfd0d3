"""An audit from outside: what anybody can work out from a bundle, or from a table of counts with margins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from pydantic import ValidationError

from evenground import report
from evenground.definitions import Definitions, Policy, load
from evenground.disclosure.attacking.attack import attack
from evenground.disclosure.attacking.tabular import KINDS, attack_table
from evenground.model import KEYS, InputProblems
from evenground.sources import read_table
from evenground.workspace.margins import Asked, tabular
from evenground.workspace.policy import policy_of

_DEFAULT = "n10"
_OF_SEVERAL = ("together", "changed")
_FOUND = pa.field("found", pa.bool_())
_ENDS = [pa.field("low", pa.float64()), pa.field("high", pa.float64()), pa.field("exact", pa.bool_())]


@dataclass(frozen=True)
class Audit:
    """What an attack found. Private: `ranges` has a row a hidden count (its place, or its `line` of the file;
    `kind`, `low`, `high`, `exact`, `found`), the narrowest first.

    `hidden`: hidden cells; `pinned`: counts with one value left; `narrow`: with fewer values left than
    the policy asks for, those included; `small`: what hidden parts of a public sum come to, and what two
    releases differ by, where that is too few; `by_one_school`: found only by somebody who knows a school.
    `notes`: what was not looked at.
    """

    policy: str
    attacker: str
    possible_values: int
    hidden: int
    pinned: int
    narrow: int
    small: int
    by_one_school: int
    ranges: pa.Table
    notes: tuple[str, ...]
    seconds: float

    @property
    def found(self) -> bool:
        return self.narrow + self.small + self.by_one_school > 0


def audit_bundle(
    folder: Path, policy: str | None = None, attacker: str | None = None, earlier: Sequence[Path] = ()
) -> Audit:
    """Attacks the cells of a bundle by its own policy, or by another. Raises InputProblems.

    `earlier`: bundles of the same system that were released before, oldest first.
    """
    released, definitions = report.read(folder), load()
    name, rules = _rules(released.disclosure, policy, attacker, definitions)
    if rules.kind == "noise":
        raise InputProblems.one(
            folder.name,
            "a release with noise, in which nothing is hidden",
            "a release that hides numbers",
            "nothing to do: disclosure.json says how much noise protects it",
        )
    before = [report.read(one).cells for one in earlier]
    found = attack(released.cells, released.units, rules, definitions, earlier=before, exact=True)
    small = [one for one in found.derivable if one[0] in _OF_SEVERAL]
    pinned_down = {one for one in found.derivable if one[0] not in _OF_SEVERAL}
    columns = list(zip(*found.counts, strict=True)) or [()] * 6
    names = ("kind", *KEYS)
    fields = [pa.field(name, pa.string()) for name in names]
    table = _table(
        fields,
        [list(column) for column in columns],
        found.low,
        found.high,
        found.exact,
        [one in pinned_down for one in found.counts],
    )
    narrow = _narrow(found.low, found.high, rules)
    notes = () if earlier else ("Earlier releases were not looked at; name them with --earlier.",)
    return Audit(
        name,
        rules.attacker,
        rules.possible_values,
        found.hidden,
        int(_narrow(found.low, found.high, rules, 2).sum()),
        int(narrow.sum()),
        len(small),
        len(pinned_down) - int(narrow.sum()),
        table,
        notes,
        found.seconds,
    )


def audit_table(file: Path, asked: Asked, policy: str | None = None, attacker: str | None = None) -> Audit:
    """Attacks a table of counts with margins. Raises InputProblems."""
    definitions = load()
    name, rules = _rules({}, policy, attacker, definitions)
    if rules.attacker == "own_school":
        raise InputProblems.one(
            "--attacker",
            "own_school",
            "sums or counts, for a table",
            "choose one: which rows are of one school a table does not say",
        )
    rows = read_table(file, asked.columns)
    table, labels, kept = tabular(rows, asked, file.name)
    found = attack_table(table, rules)
    fields = [pa.field("line", pa.int64()), pa.field("kind", pa.string())]
    fields += [pa.field(f"{name}", pa.string()) for name in asked.by]
    columns: list[Sequence[object]] = [
        [int(kept[row]) for row in found.row],
        [KINDS[kind] for kind in found.kind],
        *([labels[row][place] for row in found.row] for place in range(len(asked.by))),
    ]
    ranges = _table(fields, columns, found.low, found.high, found.exact, found.found.tolist())
    notes = [
        f"{asked.by[place]} was not used: its parts overlap or are not all there, and do not make its totals."
        for place in found.untrue
    ]
    if not found.sums:
        notes.append(f"No row is the total of others: is {asked.total!r} the word for totals (--total)?")
    narrow = _narrow(found.low, found.high, rules)
    return Audit(
        name,
        rules.attacker,
        rules.possible_values,
        int(np.isnan(table.counts.value).sum()),
        int(_narrow(found.low, found.high, rules, 2).sum()),
        int(narrow.sum()),
        0,
        0,
        ranges,
        tuple(notes),
        found.seconds,
    )


def _rules(
    disclosure: Mapping[str, object], policy: str | None, attacker: str | None, definitions: Definitions
) -> tuple[str, Policy]:
    """The policy asked for, else the one that the bundle says, else the default one."""
    said = disclosure.get("policy")
    if policy is not None or not isinstance(said, str):
        name = policy or _DEFAULT
        rules = policy_of(name, definitions)
        assert rules is not None
    else:
        written = disclosure.get("rules")
        name, rules = said, _said(said, written if isinstance(written, dict) else None, definitions)
    return name, rules if attacker is None else Policy.model_validate(
        rules.model_dump() | {"attacker": attacker}
    )


def _said(name: str, rules: Mapping[str, object] | None, definitions: Definitions) -> Policy:
    """The policy of a bundle, by the rules that it wrote down."""
    base = definitions.policies.get(name, definitions.policies[_DEFAULT])
    try:
        said = {key: value for key, value in rules.items() if key in Policy.model_fields} if rules else {}
        return Policy.model_validate(base.model_dump() | said)
    except ValidationError as error:
        raise InputProblems.one(
            "disclosure.json",
            "rules of a policy that make no sense",
            "the rules of a policy, see docs/reference/definitions.md",
            "name a policy with --policy",
        ) from error


def _narrow(low: np.ndarray, high: np.ndarray, rules: Policy, values: int | None = None) -> np.ndarray:
    """Where fewer whole numbers than that are left."""
    wanted = rules.possible_values if values is None else values
    with np.errstate(invalid="ignore"):
        return np.floor(high + 1e-6) - np.ceil(low - 1e-6) + 1 < wanted


def _table(
    fields: list[pa.Field],
    columns: Sequence[Sequence[object]],
    low: np.ndarray,
    high: np.ndarray,
    exact: np.ndarray,
    found: list[bool],
) -> pa.Table:
    """The ranges, the narrowest first; no end where there is none."""
    ends = [pa.array(end, pa.float64(), mask=~np.isfinite(end)) for end in (low, high)]
    arrays = [pa.array(column, one.type) for column, one in zip(columns, fields, strict=True)]
    table = pa.Table.from_arrays(
        [*arrays, *ends, pa.array(exact), pa.array(found, pa.bool_())],
        schema=pa.schema([*fields, *_ENDS, _FOUND]),
    )
    with np.errstate(invalid="ignore"):
        width = np.nan_to_num(high - low, nan=np.inf, posinf=np.inf)
    return table.take(pa.array(np.lexsort((np.arange(len(width)), width, ~np.asarray(found, dtype=bool)))))


__all__ = ["Asked", "Audit", "audit_bundle", "audit_table"]
