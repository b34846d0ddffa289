"""Values drawn by the distribution that a plan names, one for each patient."""

from __future__ import annotations

import numpy as np
from numpy.random import PCG64, Generator

#: Kinds of distribution, and the parameters that each takes.
KINDS = ("shares", "normal", "lognormal", "uniform", "days_before")


def stream(seed: int, *words: int) -> Generator:
    """A random stream of its own for ``words`` (purpose, ...), so that no purpose moves another."""
    return Generator(PCG64([seed, *words]))


def draw_column(how: dict, u: np.ndarray, before: dict[str, np.ndarray]) -> np.ndarray:
    """The values at the quantiles ``u`` of what ``how`` describes.

    With ``by`` the parameters are given for each code of a column drawn before. Numbers are cut
    to ``within`` and rounded to ``digits`` (none). Codes come as text, numbers as floats.
    """
    kind = next(kind for kind in KINDS if kind in how)
    if "by" not in how:
        return _values(kind, how[kind], how, u)
    codes = before[how["by"]].astype(str)
    found = np.empty(len(u), dtype=object if kind == "shares" else float)
    for code, parameters in how[kind].items():
        own = codes == str(code)
        found[own] = _values(kind, parameters, how, u[own])
    return found


def _values(kind: str, parameters: object, how: dict, u: np.ndarray) -> np.ndarray:
    if kind == "shares":
        return pick(parameters, u)
    low, spread = parameters
    if kind == "uniform":
        values = low + (spread - low) * u
    elif kind == "normal":
        values = low + spread * normal_quantile(u)
    else:
        values = low * np.exp(spread * normal_quantile(u))
    if "within" in how:
        values = np.clip(values, *how["within"])
    values = np.round(values, how.get("digits", 0))
    return -values if kind == "days_before" else values


def normal_quantile(u: np.ndarray) -> np.ndarray:
    """The standard normal's quantiles, finite at 0 too."""
    from scipy.special import ndtri

    return ndtri(np.clip(u, 1e-12, 1 - 1e-12))


def pick(shares: dict, u: np.ndarray) -> np.ndarray:
    """The code of ``shares`` (code: share) into whose part of the unit interval each u falls."""
    codes = np.array([str(code) for code in shares], dtype=object)
    edges = np.cumsum(np.array(list(shares.values()), dtype=float))
    return codes[np.minimum(np.searchsorted(edges / edges[-1], u, side="right"), len(codes) - 1)]


def between(limits: list, u: np.ndarray) -> np.ndarray:
    """Whole numbers from ``limits``, both included."""
    low, high = limits
    return np.floor(low + (high - low + 1) * u).clip(low, high)
