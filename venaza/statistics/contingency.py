"""Tables of counts, levels by groups: Fisher's exact test of two groups, else chi-squared."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

#: More different tables than this are not gone through.
MOST_TABLES = 2_000_000
#: R counts a table as unlikely as the observed one within this relative distance.
AS_LIKELY = 1e-7
EXACT = "Fisher's exact test"
CHI_SQUARED = "Pearson's chi-squared test"


def compare(table: np.ndarray) -> tuple[str, float | str]:
    """The test and its p-value, or why there is none; levels are rows, groups columns.

    Two groups: exact, as R's ``fisher.test``; beyond two million tables, or with more groups, R's
    ``chisq.test(correct = FALSE)``, which is not given where Cochran's rule forbids it (an expected
    count below 1, or more than a fifth of them below 5; Biometrics 1954;10:417).
    """
    table = table[table.sum(axis=1) > 0]
    two = table.shape[1] == 2
    if (table.sum(axis=0) == 0).any():
        return (EXACT if two else CHI_SQUARED), "a group has no value"
    if len(table) < 2:
        return (EXACT if two else CHI_SQUARED), "fewer than two different values"
    p = exact(table) if two else None
    if p is not None:
        return EXACT, p
    return CHI_SQUARED, _chi_squared(table)


def exact(table: np.ndarray) -> float | None:
    """Fisher's exact p-value of a table with two columns; ``None`` where it has too many tables.

    The probability of all tables with these margins that are as unlikely as this one (Freeman and
    Halton, Biometrika 1951;38:141), level by level; partial tables of the same probability are
    carried on as one.
    """
    import numpy as np
    from scipy.special import gammaln

    rows, first = table.sum(axis=1).astype(int), int(table[:, 0].sum())
    left = int(rows.sum())
    states = {0: (np.zeros(1), np.ones(1))}  # first column so far: log-probabilities, how many
    for row in rows:
        left -= int(row)
        chosen = np.arange(row + 1)
        weight = gammaln(row + 1) - gammaln(chosen + 1) - gammaln(row - chosen + 1)
        found: dict[int, list] = {}
        for so_far, (logs, counts) in states.items():
            for a in range(max(0, first - left - so_far), min(int(row), first - so_far) + 1):
                found.setdefault(so_far + a, []).append((logs + weight[a], counts))
        if sum(len(logs) for parts in found.values() for logs, _ in parts) > MOST_TABLES:
            return None
        states = {total: _merged(parts) for total, parts in found.items()}
    logs, counts = states[first]
    observed = (gammaln(rows + 1) - gammaln(table + 1).sum(axis=1)).sum()
    likely = np.exp(logs - logs.max()) * counts
    return float(min(1.0, likely[logs <= observed + np.log1p(AS_LIKELY)].sum() / likely.sum()))


def _merged(parts: list) -> tuple[np.ndarray, np.ndarray]:
    import numpy as np

    logs = np.concatenate([part[0] for part in parts])
    counts = np.concatenate([part[1] for part in parts])
    _, kept, place = np.unique(np.round(logs, 9), return_index=True, return_inverse=True)
    return logs[kept], np.bincount(place, weights=counts)


def _chi_squared(table: np.ndarray) -> float | str:
    from scipy.stats import chi2_contingency

    result = chi2_contingency(table, correction=False)
    small = result.expected_freq
    if (small < 1).any() or (small < 5).mean() > 0.2:
        return "expected counts are too small for the chi-squared test"
    return float(result.pvalue)
