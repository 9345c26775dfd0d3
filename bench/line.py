"""One line of the table: what was timed, on which side, and whether the goal is met."""

from __future__ import annotations

from dataclasses import dataclass

from bench.child import Run


@dataclass(frozen=True)
class Line:
    """One row of the table: ours, the peer's where there is one, and whether the goal is met."""

    what: str
    ours: Run
    peer: tuple[str, Run] | None
    goal: str
    met: bool

    def text(self) -> str:
        return f"{self._figures():<127} {self.goal}: {'met' if self.met else 'MISSED'}"

    def _figures(self) -> str:
        ours = f"{self.what:<46} {_figure(self.ours):>26}"
        if self.peer is None:
            return ours
        name, peer = self.peer
        ratios = f"{self.ours.seconds / peer.seconds:>8.2g} {self.ours.work / peer.work:>8.2g}"
        return f"{ours} {_figure(peer):>26} {ratios}  {name}"


def _figure(run: Run) -> str:
    return f"{run.seconds:.2f} s, {run.work:.2f} s, {run.peak:.1f} GB"
