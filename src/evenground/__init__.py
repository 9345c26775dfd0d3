"""evenground: an honest picture of who gets what in a school system, in which no child can be picked out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evenground.model import Released

__version__ = "0.1.0"
__all__ = ["gaps", "review"]


def review(
    folder: str | Path | None = None,
    *,
    out: str | Path | None = None,
    example: bool = False,
    source: str | None = None,
    mapping: str | Path | None = None,
    unit: str | None = None,
    period: str | int | None = None,
    indicators: tuple[str, ...] | list[str] = (),
    by: tuple[str, ...] | list[str] = (),
    depth: int = 3,
    reference: str = "overall",
    policy: str | Path | None = None,
    perspective: str | Path | None = None,
    poverty: str | None = None,
    workspace: str | Path | None = None,
    corrects: str | None = None,
    reason: str | None = None,
    who: str | None = None,
    questions: tuple[str, ...] | list[str] = (),
    pages: str | None = None,
    lang: str = "en",
) -> Released:
    """The released review of a folder, as `evenground review` makes it; with `out` its bundle is written.

    `policy` is the name of a disclosure policy, or a file with rules of your own (FILE.yaml, FILE.yaml:KEY);
    `perspective` in the same way an idea of fairness to read by.
    With `workspace` the release is entered in the ledger of that folder and judged against those before it;
    `corrects` is the id of one that it replaces, `reason` says why and `who` whom to ask. `pages` ("schools",
    "districts") writes a page for each; of many it takes several processes, so a script needs the usual
    `if __name__ == "__main__":`.
    `cells` and `findings` of the result are Arrow tables. Raises evenground.model.InputProblems with every
    problem of the input.
    """
    from evenground.workspace import Request, release
    from evenground.workspace import review as make_review

    request = Request(
        input=Path(folder) if folder is not None else None,
        example=example,
        source=source,
        mapping=Path(mapping) if mapping is not None else None,
        unit=unit,
        period=str(period) if period is not None else None,
        indicators=tuple(indicators),
        by=tuple(by),
        depth=depth,
        reference=reference,
        policy=str(policy) if policy is not None else None,
        perspective=str(perspective) if perspective is not None else None,
        poverty=poverty,
        workspace=Path(workspace) if workspace is not None else None,
        corrects=corrects,
        reason=reason,
        who=who,
        questions=tuple(questions),
        pages=pages,
    )
    return release(request) if out is None else make_review(request, Path(out), lang)


def gaps(
    frame: Any,
    *,
    outcome: str,
    by: tuple[str, ...] | list[str],
    depth: int = 3,
    period: str | None = None,
    weight: str | None = None,
    reference: str = "overall",
    policy: str | Path | None = None,
) -> Any:
    """Rates, gaps and what it would take for every group of a pandas, Polars or Arrow table.

    Answers a table of the same kind, with the columns of `evenground gaps`. Without a policy the result is
    private. Raises evenground.model.InputProblems.
    """
    import narwhals as nw

    from evenground.definitions import load
    from evenground.questions.gaps import Wanted
    from evenground.questions.gaps import gaps as gaps_of
    from evenground.sources.table import check_columns
    from evenground.workspace import policy_of

    wanted = Wanted(outcome, tuple(by), depth, period, weight, reference)
    narrow = nw.from_native(frame, eager_only=True)
    check_columns("frame", narrow.columns, wanted.columns)
    definitions = load()
    table = narrow.select(*dict.fromkeys(wanted.columns)).to_arrow()
    rules = policy_of(str(policy) if policy is not None else None, definitions)
    result = gaps_of(table, wanted, definitions, rules, "frame")
    return nw.from_arrow(result, backend=narrow.implementation).to_native()
