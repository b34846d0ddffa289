"""Tables of counts, levels by groups: Fisher's exact test, else chi-squared under its own name."""

from __future__ import annotations

import numpy as np

#: Larger networks than this, in partial tables, are not gone through: some seconds.
MOST_TABLES = 8_000_000
#: What a step between nodes costs beside its partial tables, in these.
STEP = 20
#: R counts a table as unlikely as the observed one within this relative distance.
AS_LIKELY = 1e-7
EXACT = "Fisher's exact test"
CHI_SQUARED = "Pearson's chi-squared test"
TOO_LARGE = (
    "too large for Fisher's exact test, and expected counts are too small for the chi-squared test"
)
Node = tuple[int, ...]


class _TooLarge(Exception):  # noqa: N818 - an outcome of the data, not a fault
    """The network has more partial tables than are gone through."""


def compare(table: np.ndarray) -> tuple[str, float | str]:
    """The test and its p-value, or why there is none; levels are rows, groups columns.

    Exact, as R's ``fisher.test`` on tables of any size; where there are too many tables
    (``MOST_TABLES``), R's ``chisq.test(correct = FALSE)``, which is not given where Cochran's rule
    forbids it (an expected count below 1, or more than a fifth of them below 5; Biometrics
    1954;10:417). The name says which of the two it is: nothing is simulated, as scipy's
    ``fisher_exact`` does beyond two by two, whose value is of another sample each time.
    """
    table = table[table.sum(axis=1) > 0]
    if (table.sum(axis=0) == 0).any():
        return EXACT, "a group has no value"
    if len(table) < 2:
        return EXACT, "fewer than two different values"
    p = exact(table)
    if p is not None:
        return EXACT, p
    return CHI_SQUARED, _chi_squared(table)


def exact(table: np.ndarray) -> float | None:
    """Fisher's exact p-value; ``None`` where the network has more than ``MOST_TABLES`` parts.

    The probability of all tables with these margins that are as unlikely as this one (Freeman and
    Halton, Biometrika 1951;38:141), by the network of Mehta and Patel (JASA 1983;78:427): a node
    is what is left of the column totals after some rows. Where all ways on from a node make
    tables as unlikely, they are counted at once, and where none does they are left; partial
    tables of the same probability are carried on as one.
    """
    table = np.asarray(table, int)
    table = table.T if table.shape[0] < table.shape[1] else table
    table = table[np.argsort(-table.sum(axis=1), kind="stable")]
    rows, columns = table.sum(axis=1).tolist(), table.sum(axis=0).tolist()
    network = _Network(rows)
    start = tuple(sorted(columns))
    limit = -network.log[table].sum() + np.log1p(AS_LIKELY)
    try:
        network.range_of(0, start)
        log_p = network.at_most(start, limit)
    except _TooLarge:
        return None
    whole = network.ways(start)
    return float(min(1.0, np.exp(log_p - whole)))


class _Network:
    """Partial tables row by row. The weight of a table is -sum(log(a!)) over its cells."""

    def __init__(self, rows: list[int]) -> None:
        from scipy.special import gammaln

        self.rows = rows
        self.log = gammaln(np.arange(sum(rows) + 1) + 1.0)
        self.size = 0
        self.known: dict[tuple[int, Node], tuple[float, float]] = {}
        self.steps: dict[tuple[int, Node], dict[Node, tuple[np.ndarray, np.ndarray]]] = {}

    def ways(self, node: Node, stage: int = 0) -> float:
        """Log of the summed weights of all ways on: n! over the factorials of both margins."""
        left = self.rows[stage:]
        return float(self.log[sum(left)] - self.log[left].sum() - self.log[list(node)].sum())

    def onward(self, stage: int, node: Node) -> dict[Node, tuple[np.ndarray, np.ndarray]]:
        """By next node the weights of the rows that lead there, and log how many have each."""
        key = (stage, node)
        if key not in self.steps:
            cells = _filled(self.rows[stage], node)
            weights = np.round(-self.log[cells].sum(axis=1), 9)
            nodes = np.sort(np.array(node) - cells, axis=1)
            places, first, which = np.unique(nodes, axis=0, return_index=True, return_inverse=True)
            self._grow(len(cells) + STEP * len(first))
            order = np.argsort(which.ravel(), kind="stable")
            ends = np.cumsum(np.bincount(which.ravel()))[:-1]
            self.steps[key] = {
                tuple(after): _merged(part, None)
                for after, part in zip(places.tolist(), np.split(weights[order], ends), strict=True)
            }
        return self.steps[key]

    def range_of(self, stage: int, node: Node) -> tuple[float, float]:
        """The least and the greatest weight of the ways on from a node."""
        if stage == len(self.rows):
            return 0.0, 0.0
        if (stage, node) not in self.known:
            least, most = np.inf, -np.inf
            for after, (weights, _) in self.onward(stage, node).items():
                low, high = self.range_of(stage + 1, after)
                least, most = min(least, weights[0] + low), max(most, weights[-1] + high)
            self.known[stage, node] = (least, most)
        return self.known[stage, node]

    def at_most(self, start: Node, limit: float) -> float:
        """Log of the summed weights of the tables whose own is at most ``limit``."""
        done: list[np.ndarray] = []
        here: dict[Node, list] = {start: [(np.zeros(1), np.zeros(1))]}
        for stage in range(len(self.rows) + 1):
            following: dict[Node, list] = {}
            for node, parts in here.items():
                past, many = _merged(*(np.concatenate(part) for part in zip(*parts, strict=True)))
                low, high = self.range_of(stage, node)
                whole = past + high <= limit
                done.append(past[whole] + many[whole] + self.ways(node, stage))
                open_ = ~whole & (past + low <= limit)
                if open_.any():
                    self._carry(stage, node, past[open_], many[open_], following)
            here = following
        return float(np.logaddexp.reduce(np.concatenate(done)))

    def _carry(self, stage: int, node: Node, past: np.ndarray, many: np.ndarray, to: dict) -> None:
        """The partial tables at a node (``many`` of each weight, as a log) a row on."""
        for after, (weights, n) in self.onward(stage, node).items():
            self._grow(len(past) * len(weights))
            ahead = np.add.outer(past, weights).ravel(), np.add.outer(many, n).ravel()
            to.setdefault(after, []).append(ahead)

    def _grow(self, parts: int) -> None:
        self.size += parts
        if self.size > MOST_TABLES:
            raise _TooLarge


def _merged(weights: np.ndarray, many: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Each weight once, rising, and the log of how many there are (``many``: logs, or one each)."""
    found, first, place = np.unique(np.round(weights, 8), return_index=True, return_inverse=True)
    if many is None:
        return weights[first], np.log(np.bincount(place).astype(float))
    top = many.max()
    return weights[first], top + np.log(np.bincount(place, weights=np.exp(many - top)))


def _filled(total: int, limits: Node) -> np.ndarray:
    """The rows of this total whose cells stay within the limits."""
    *most, last = limits
    cells = np.zeros((1, 0), int)
    for limit in most:
        left = total - cells.sum(axis=1)
        more = np.minimum(left, limit) + 1
        place = np.repeat(np.arange(len(cells)), more)
        value = np.arange(more.sum()) - np.repeat(np.cumsum(more) - more, more)
        cells = np.column_stack([cells[place], value])
    rest = total - cells.sum(axis=1)
    return np.column_stack([cells, rest])[rest <= last]


def _chi_squared(table: np.ndarray) -> float | str:
    from scipy.stats import chi2_contingency

    result = chi2_contingency(table, correction=False)
    small = result.expected_freq
    if (small < 1).any() or (small < 5).mean() > 0.2:
        return TOO_LARGE
    return float(result.pvalue)
