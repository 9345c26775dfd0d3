"""Where an indicator's numbers come from: the forms in which publishers give them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from evenground.definitions.schema import Strict

Words = Annotated[
    tuple[str, ...],
    Field(min_length=1),
    BeforeValidator(lambda given: (given,) if isinstance(given, str) else given),
]
"""One word or a list of them."""

FORMS = (
    ("n", "total"),
    ("n", "share"),
    ("share",),
    ("n", "mean"),
    ("n", "mean", "se"),
    ("mean",),
    ("total", "over"),
    ("each", "over"),
    ("each", "per", "over"),
    ("per", "over"),
    ("own", "over"),
)


class Unusable(Strict):
    """School years whose number does not mean what its name says. It is then not reported."""

    periods: tuple[str, ...] = Field(min_length=1)
    why: str = Field(min_length=1)


class Statistic(Strict):
    """Where an indicator's numbers come from. Exactly one of FORMS:

    `n, total` counts; `n, share` shares with the number they are shares of; `share` alone; `n, mean` a mean
    of n students, with its standard error `se` where that is published; `mean` alone; `total, over` a count
    over the students of the table `over`; `each, over` a figure of the unit, given to its students in the
    table `over`; `each, per, over` the quotient of two figures; `per, over` the
    students of the unit over a figure of it; `own, over` the share of the unit's
    students who have the student's own value of a dimension. Several columns add up. `where` keeps rows;
    listed words of a column that is not a group column add up.
    """

    n: Words | None = None
    total: Words | None = None
    share: Words | None = None
    mean: str | None = None
    se: str | None = None
    each: Words | None = None
    per: Words | None = None
    own: str | None = None
    over: str | None = None
    where: dict[str, Words] = Field(default_factory=dict)
    between: tuple[float, float] | None = None  # with `each`, `mean`: figures outside are not used
    at_least: float | None = None  # with `each`: students whose unit has at least this count 1, others 0
    needs: str | None = None  # with `each`: used only where this column has a value as well
    # with `total, over`: in districts, over the students of the schools that report a total, if these schools
    # together report at least this share of the district's own total
    reporting_schools: float | None = Field(default=None, gt=0, le=1)
    # with `reporting_schools`: a group is added up to the state where the districts that publish it have at
    # least this share of its students; districts that hide a small count have low rates, the others high ones
    state_cover: float | None = Field(default=None, gt=0, le=1)
    unusable: Unusable | None = None

    @property
    def form(self) -> frozenset[str]:
        names = {name for form in FORMS for name in form}
        return frozenset(name for name in names if getattr(self, name) is not None)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The columns that hold numbers."""
        lists = (self.n, self.total, self.share, self.each, self.per)
        single = (self.mean, self.se, self.needs)
        return (
            *(name for names in lists for name in names or ()),
            *(name for name in single if name is not None),
        )

    @property
    def outcome(self) -> tuple[str, ...]:
        """The columns of the outcome itself, without what it is counted over."""
        return self.total or self.each or self.per or self.share or ((self.mean,) if self.mean else ())

    @property
    def exposure(self) -> bool:
        """A figure of the unit that is given to its students."""
        return self.each is not None or self.per is not None or self.own is not None

    @model_validator(mode="after")
    def _one_form(self) -> Statistic:
        if self.form not in map(frozenset, FORMS):
            raise ValueError("one of the forms " + "; ".join(", ".join(form) for form in FORMS))
        figure = self.each is not None or self.per is not None
        if self.between and not figure and self.mean is None:
            raise ValueError("`between` only beside `each`, `per` or `mean`")
        if not figure and (self.needs or self.at_least is not None):
            raise ValueError("`needs` and `at_least` only beside `each` or `per`")
        if self.reporting_schools is not None and self.form != {"total", "over"}:
            raise ValueError("`reporting_schools` only beside `total` and `over`")
        if (self.state_cover is None) != (self.reporting_schools is None):
            raise ValueError("both `reporting_schools` and `state_cover`, or neither")
        return self
