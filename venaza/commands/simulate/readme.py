"""What lies beside a synthetic export: that it is synthetic, what was drawn, what was planted."""

from __future__ import annotations

from venaza.commands.simulate.defects import Defect


def said(like: str, patients: int, seed: int) -> str:
    """One paragraph for study file and report."""
    number = "one patient" if patients == 1 else f"{patients} patients"
    return (
        f"A synthetic cohort of {number}, drawn by a program from stated distributions (the plan "
        f"config/simulate/{like}.yaml, seed {seed}). No row describes a real person, and nothing "
        "here is evidence for or against a treatment: the cohort serves teaching, power and load."
    )


def like_readme(plan: dict, like: str, patients: int, seed: int, command: str) -> str:
    """The README of a cohort drawn by a plan."""
    groups = "\n".join(
        f"| {name} | {spec['share']:g} | {spec['median_os']:.0f} | {spec['shape']:g} | "
        f"{', '.join(f'{word} {share:g}' for word, share in spec['best'].items())} |"
        for name, spec in plan["groups"].items()
    )
    return _LIKE.format(
        **{"said": said(like, patients, seed), "command": command, "groups": groups},
        **{"cutoff": plan["cutoff"], "like": like},
    )


_LIKE = """# SYNTHETIC DATA: a simulated cohort

{said}

```sh
{command}
```

The same command gives the same bytes. The export is dated {cutoff}, the plan's data cut-off.

| group | share | median OS, days | Weibull shape | best response |
|---|---|---|---|---|
{groups}

Everything else is in `config/simulate/{like}.yaml`; `docs/simulate.md` says how it is drawn.
Licence: CC0 1.0.
"""


def shipped_readme(plan: dict, name: str, planted: list[Defect]) -> str:
    """The README of a shipped study whose patients the plan places itself."""
    sheets = plan.get("sheets", {})
    names = {table: f"{sheet['name']} ({table})" for table, sheet in sheets.items()}
    lines = [
        (names.get(d.table, d.table), d.patient or "(none)", d.what, f"`{d.rule}`") for d in planted
    ]
    head = ("sheet" if sheets else "table", "patient", "what", "check")
    if not any(d.patient for d in planted):
        head, lines = head[:1] + head[2:], [line[:1] + line[2:] for line in lines]
    rows = [f"| {' | '.join(line)} |" for line in (head, *lines)]
    table = "\n".join([rows[0], "|" + "---|" * len(head), *rows[1:]])
    return _SHIPPED.format(
        **{"n": len(plan["patients"]), "seed": plan["seed"], "name": name, "defects": table},
        **{"title": plan["short"], "about": plan["about"].strip()},
    )


_SHIPPED = """# SYNTHETIC DATA: {title}

No row describes a real person. The {n} patients were made by a program,
`python -m venaza simulate --study {name}` (plan `config/simulate/{name}.yaml`, seed {seed}),
not by a hospital. Licence: CC0 1.0.

{about}

## Planted defects
Each should become a query or a line of the row account; none moves a published figure.

{defects}
"""
