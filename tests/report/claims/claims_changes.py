"""Claims on what has changed since the export before."""

from __future__ import annotations

from tests.report.claims.claim import claim
from tests.report.claims.world import World


def moved(w: World, kind: str, status: str = "") -> int:
    """The lines of a kind whose status is this one or ends with it."""
    own = w.changes[w.changes["KIND"] == kind]
    return int(own["STATUS"].str.endswith(status).sum())


def compared(w: World) -> bool:
    return w.changes is not None


@claim("changes.counts")
def _(w):
    if not compared(w):
        return None
    gone = f"{moved(w, 'patient', 'gone')} removed"
    added, changed = (moved(w, "patient", s) for s in ("added", "changed"))
    said = [f"{added} patients were added", gone, f"{changed} changed"]
    others = [f"{moved(w, 'cell')} cells", f"{moved(w, 'endpoint')} endpoints"]
    queries = [f"{moved(w, 'query', 'closed')} queries", f"{moved(w, 'query', 'opened')} opened"]
    return ["export of 2023-06-30", *said, *others, *queries]


@claim("changes.none_moved")
def _(w):
    return compared(w) and moved(w, "number") == 0


@claim("changes.moved")
def _(w):
    if not compared(w) or not moved(w, "number"):
        return None
    causes = w.changes.loc[w.changes["KIND"] == "number", "CAUSE"].value_counts()
    said = [f"{n} by {' and '.join(c.split('; '))}" for c, n in causes.items()]
    alone = [f"all by {causes.index[0]}"]
    return [f"{moved(w, 'number')} numbers", *(said if len(causes) > 1 else alone)]


@claim("changes.no_headline")
def _(w):
    return compared(w) and moved(w, "number") > 0 and not moved(w, "number", "headline")


@claim("changes.headline")
def _(w):
    n = moved(w, "number", "headline") if compared(w) else 0
    return f"{min(n, 16)} of the {n} headline" if n else None


@claim("changes.alarms")
def _(w):
    if not compared(w) or not moved(w, "alarm"):
        return None
    kinds = w.changes.loc[w.changes["KIND"] == "alarm", "STATUS"].value_counts()
    return [{f"{kind} ({n})" for kind, n in kinds.items()}]


@claim("changes.no_alarm")
def _(w):
    return compared(w) and not moved(w, "alarm")
