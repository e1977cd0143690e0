"""What measures have in common: the server, the tables, races, and lines of the table that are printed as soon as they are known.

What is compared takes turns, so that a machine that slows down slows down all of it, and its ratio is the median of the
pairs' ratios, one a turn: a busy disk or a slow fsync spoils a pair, not the figure.
"""

import sys
from dataclasses import dataclass, field
from statistics import median

import report
from database import Server, Tables

SAME_INERTIA = 1e-6  # relative difference of two programs after the same iterations from the same start
# The same on the way: where a row on a border went the other way for its single precision, the programs
# part for a while, and meet again where they converge.
NEAR_INERTIA = 1e-4
WORSE_INERTIA = 1.01  # a multiple of the peer's that its speed does not excuse

MEASURES = {}


def measure(function):
    MEASURES[function.__name__] = function
    return function


@dataclass
class Outcome:
    """A line of the table; times speedup it is a bar of the chart."""

    what: str
    ours: str
    other: str = ""
    figure: str = ""
    target: str = ""
    reached: bool | None = None
    peer: str = ""
    speedup: float | None = None


@dataclass
class Times:
    """The seconds that a contestant took, a turn each, and what it returned last."""

    each: list = field(default_factory=list)
    last: object = None

    @property
    def seconds(self):
        return median(self.each)

    def over(self, other):
        """The median of the pairs' ratios, and a text of it with the least and the greatest."""
        ratios = sorted(ours / theirs for ours, theirs in zip(self.each, other.each))
        return median(ratios), f"{median(ratios):.3g}", f" ({ratios[0]:.3g} to {ratios[-1]:.3g})" if ratios[1:] else ""


@dataclass
class Bench:
    server: Server
    tables: Tables
    large: int
    repeat: int
    outcomes: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    differences: list = field(default_factory=list)

    @property
    def small(self):
        return self.large // 10

    @property
    def middle(self):
        return self.large * 3 // 10

    def race(self, before=None, times=None, **contestants):
        """Runs each in turn, every other time in reverse; they return seconds, or seconds and something else."""
        result = {name: Times() for name in contestants}
        for turn in range(times or self.repeat):
            for name in list(contestants)[::-1 if turn % 2 else 1]:
                if before:
                    before()
                returned = contestants[name]()
                elapsed, result[name].last = returned if isinstance(returned, tuple) else (returned, None)
                result[name].each.append(elapsed)
        return result

    def add(self, *cells, **more):
        self.outcomes.append(Outcome(*cells, **more))
        print(report.line(self.outcomes[-1]), flush=True)

    def note(self, text):
        self.notes.append(text)
        print(text, file=sys.stderr, flush=True)

    def faster(self, what, ours, peer, other, at_least=None, as_good=True):
        """A target is reached by a result that is as good, too."""
        ratio, figure, spread = other.over(ours)
        self.add(what, duration(ours.seconds), f"{peer}: {duration(other.seconds)}", f"{figure} times as fast{spread}",
                 f">= {at_least:g} times" if at_least else "", ratio >= at_least and as_good if at_least else None, peer, ratio)

    def part(self, what, ours, peer, other, at_most=None):
        """ours as a part of other's time, or a multiple of it."""
        ratio, figure, spread = ours.over(other)
        self.add(what, duration(ours.seconds), f"{peer}: {duration(other.seconds)}", f"{figure} of its time{spread}",
                 f"<= {at_most:g}" if at_most else "", ratio <= at_most if at_most else None, peer, 1 / ratio)

    def within(self, what, elapsed, at_most=None):
        """Seconds that people wait."""
        self.add(what, duration(median(elapsed)), figure=f"{duration(min(elapsed))} to {duration(max(elapsed))}",
                 target=f"<= {duration(at_most)}" if at_most else "",
                 reached=median(elapsed) <= at_most if at_most else None)

    def same_inertia(self, what, inertia, peer, other, tolerance=SAME_INERTIA):
        """Ours may be lower: iterations go on until no row changes, and figures are about the assignment's own means."""
        difference = abs(inertia - other) / other if tolerance == 0 else max(inertia / other - 1, 0)
        if not difference <= tolerance:
            self.differences.append(f"{what}: inertia {inertia:.17g}, {peer} has {other:.17g}, "
                                    f"a relative difference of {difference:.2g}")
        return difference

    def as_good(self, what, inertia, peer, other):
        """Where starts differ, so do optima: is ours not clearly worse?"""
        self.note(f"{what}: inertia {inertia / other - 1:+.4%} against {peer}'s")
        return inertia <= other * WORSE_INERTIA


def duration(elapsed):
    for unit, name in ((1, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if abs(elapsed) >= unit:
            break
    return f"{elapsed / unit:.3g} {name}"
