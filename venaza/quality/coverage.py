"""Who has each endpoint, group by group, and why the others have not."""

from __future__ import annotations

import pandas as pd

from venaza.audit.markup import Markup, safe
from venaza.contracts.support import explained, marked
from venaza.quality.drawing import bar, percent
from venaza.quality.groups import Group

_REASONS = 4


def coverage_table(results: dict[str, pd.DataFrame], study: dict, groups: list[Group]) -> str:
    """A line for each endpoint and group: in it, events, censored, and the reasons of the rest."""
    lines = []
    shown = marked(study, results["support"])["endpoints"]
    for code, definition in shown.items():
        times, without = (
            results[name][results[name]["PARAMCD"] == code] for name in ("adtte", "adtte_excluded")
        )
        for n, group in enumerate(groups):
            own, left = group.of(times), group.of(without)
            whole = len(group.patients)
            ends = [int((own["CNSR"] == status).sum()) for status in (0, 2, 1)]
            name = ""
            if n == 0:
                label = f"{safe(code)} <small>{safe(definition['label'])}</small>"
                name = f'<th scope="rowgroup" rowspan="{len(groups)}">{label}</th>'
            counts = "".join(f'<td class="number">{count:,}</td>' for count in ends)
            share = bar(len(own), whole, group.colour, f"{len(own):,} of {whole:,}")
            lines.append(
                f"<tr>{name}<td>{safe(group.label)}</td><td>{share}</td>{counts}"
                f"<td>{_reasons(left)}</td></tr>"
            )
    heads = ("Endpoint", "Group", "Patients with it", "Events", "Competing", "Censored", "Why not")
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "\n".join(lines)
    notes = "".join(
        f"<p>{safe(note)}</p>" for note in explained(list(shown), results["support"], study)
    )
    return Markup(
        f'<div class="wide"><table class="bars"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>{notes}"
    )


def _reasons(left: pd.DataFrame) -> str:
    counts = left["REASON"].fillna("no reason given").value_counts()
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    said = [f"{safe(reason)} ({n:,})" for reason, n in ordered[:_REASONS]]
    rest = sum(n for _, n in ordered[_REASONS:])
    return "; ".join([*said, *([f"others ({rest:,})"] if rest else [])])


def flags_table(adsl: pd.DataFrame, groups: list[Group]) -> str:
    """In how many patients of each group what the response and MRD results need is known."""
    flags = {
        "ITTFL": "In the analysis",
        "SAFFL": "In the safety population",
        "RESPFL": "Evaluable for response",
        "MRDFL": "MRD tested in remission",
    }
    head = "".join(f'<th scope="col">{safe(group.label)}</th>' for group in groups)
    lines = []
    for flag, label in flags.items():
        cells = []
        for group in groups:
            n, whole = int((group.of(adsl)[flag] == "Y").sum()), len(group.patients)
            text = f"{n:,} ({percent(n, whole)})"
            cells.append(f"<td>{bar(n, whole, group.colour, text)}</td>")
        lines.append(f'<tr><th scope="row">{label}</th>{"".join(cells)}</tr>')
    return Markup(
        f'<div class="wide"><table class="bars"><thead><tr><th scope="col">Population</th>{head}'
        f"</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )
