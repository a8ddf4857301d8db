"""Linear programmes over what was told: how high and how low each sum of unknowns can be (HiGHS)."""

from __future__ import annotations

from dataclasses import dataclass, field

import highspy
import numpy as np

NEAR = 1e-5
ROUNDS = 6
LIFT = 1e-3


@dataclass
class Programme:
    """Unknowns that are no less than 0, and equations over them."""

    most: list[float] = field(default_factory=list)
    rows: list[tuple[list[int], list[float], float]] = field(default_factory=list)

    def unknown(self, most: float = float("inf")) -> int:
        self.most.append(most)
        return len(self.most) - 1

    def told(self, plus: list[int], value: float, minus: list[int] | None = None) -> None:
        """The sum of `plus` less the sum of `minus` is `value`."""
        taken = minus or []
        self.rows.append(([*plus, *taken], [1.0] * len(plus) + [-1.0] * len(taken), value))


def determined(programme: Programme, targets: list[list[int]]) -> list[int | None] | None:
    """Per target the one value that is possible, or None; of None, nothing at all is possible.

    One programme finds which unknowns are bound to be 0: it lifts all others off 0 at once. What the
    equations say of the rest is then a matter of their rows alone. As they are sums of whole groups, a value
    that is not bound may move by a whole member.
    """
    size = len(programme.most)
    lifted = Programme([*programme.most, *([LIFT] * size)])
    lifted.rows = [([*p, *(size + one for one in p)], [*f, *f], value) for p, f, value in programme.rows]
    solver = Solver(lifted)
    if not solver.possible:
        return None
    found = solver.towards(np.concatenate([np.zeros(size), np.ones(size)]))
    values = found[:size] + found[size:]
    free = np.flatnonzero(values > LIFT / 100)
    place = {int(old): new for new, old in enumerate(free)}
    matrix = np.zeros((len(programme.rows), len(free)))
    for number, (places, factors, _) in enumerate(programme.rows):
        for one, factor in zip(places, factors, strict=True):
            if one in place:
                matrix[number, place[one]] += factor
    wanted = np.zeros((len(targets), len(free)))
    for number, target in enumerate(targets):
        wanted[number, [place[one] for one in target if one in place]] = 1
    _, strength, span = np.linalg.svd(matrix, full_matrices=False)
    span = span[strength > NEAR]
    left = np.abs(wanted - (wanted @ span.T) @ span).max(axis=1, initial=0)
    amounts = wanted @ values[free]
    return [round(amount) if rest < NEAR else None for amount, rest in zip(amounts, left, strict=True)]


class Solver:
    """One programme, asked many times; each answer starts where the last one ended."""

    def __init__(self, programme: Programme) -> None:
        self.size = len(programme.most)
        self.highs = highspy.Highs()
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("threads", 1)
        self.highs.passModel(_model(programme))
        self.highs.run()
        self.places = np.arange(self.size, dtype=np.int32)
        self.solved = 1

    @property
    def possible(self) -> bool:
        return self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal

    def now(self) -> np.ndarray:
        return np.asarray(self.highs.getSolution().col_value)

    def towards(self, direction: np.ndarray) -> np.ndarray:
        """A solution that is as far as can be in a direction."""
        self.highs.changeColsCost(self.size, self.places, -direction.astype(np.float64))
        self.highs.run()
        self.solved += 1
        assert self.possible, self.highs.getModelStatus()
        return self.now()


def _model(programme: Programme) -> highspy.HighsLp:
    made = highspy.HighsLp()
    size, height = len(programme.most), len(programme.rows)
    made.num_col_, made.num_row_ = size, height
    made.col_cost_ = np.zeros(size)
    made.col_lower_, made.col_upper_ = np.zeros(size), np.asarray(programme.most)
    values = np.asarray([value for _, _, value in programme.rows], dtype=np.float64)
    made.row_lower_ = made.row_upper_ = values
    made.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    made.a_matrix_.start_ = np.cumsum([0, *(len(places) for places, _, _ in programme.rows)])
    made.a_matrix_.index_ = np.asarray([p for places, _, _ in programme.rows for p in places])
    made.a_matrix_.value_ = np.asarray([f for _, factors, _ in programme.rows for f in factors])
    return made


def ranges(solver: Solver, targets: list[list[int]], width: int = 1) -> np.ndarray:
    """Per target (a sum of unknowns) the lowest and highest value found.

    Both are exact where no more than `width` whole numbers lie between them; a range that is found wider on
    the way is not driven to its ends.
    """
    matrix = np.zeros((len(targets), solver.size))
    for place, target in enumerate(targets):
        matrix[place, target] = 1
    low = high = matrix @ solver.now()
    rng = np.random.default_rng(5)

    def learnt(solution: np.ndarray) -> None:
        nonlocal low, high
        values = matrix @ solution
        low, high = np.minimum(low, values), np.maximum(high, values)

    def settled(place: int) -> bool:
        return wholes(low[place], high[place]) > width

    for _ in range(ROUNDS if len(targets) > ROUNDS else 0):
        left = [place for place in range(len(targets)) if not settled(place)]
        learnt(solver.towards(rng.choice((-1.0, 1.0), len(left)) @ matrix[left]))
    for place in range(len(targets)):
        for sign in (1, -1):
            if not settled(place):
                learnt(solver.towards(sign * matrix[place]))
    return np.column_stack([low, high])


def wholes(low: float, high: float) -> int:
    """How many whole numbers lie between."""
    return int(np.floor(high + NEAR) - np.ceil(low - NEAR)) + 1
