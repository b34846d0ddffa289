"""The ARD as Quarto's ``_variables.yml``: every number of the study, nested by its id."""

from __future__ import annotations

import json

import pandas as pd

from venaza.contracts.numbers import minus
from venaza.pipeline.report.numbers import escape, variable
from venaza.study.words import say


def variables_yaml(ard: pd.DataFrame, study: dict) -> str:
    """Every number as Markdown: the printed text in a span that names the ARD id."""
    tree: dict = {}
    for ard_id, display in zip(ard["ard_id"], ard["display"], strict=True):
        text = "" if pd.isna(display) else minus(say(study, str(display)))
        branch = tree
        *parents, leaf = variable(ard_id).split(".")
        for part in parents:
            branch = branch.setdefault(part, {})
        branch[leaf] = f'[{escape(text)}]{{.ard data-ard="{ard_id}"}}'
    head = (
        "# Every number of this study by its ard_id, for {{< var ... >}}. A part of an id that is\n"
        "# all digits has an underscore in front, because Quarto would take it for a position.\n"
    )
    return head + "\n".join(_lines(tree, 0)) + "\n"


def _lines(tree: dict, depth: int) -> list[str]:
    lines = []
    for key, value in tree.items():
        start = f"{'  ' * depth}{json.dumps(key, ensure_ascii=False)}:"
        if isinstance(value, dict):
            lines += [start, *_lines(value, depth + 1)]
        else:
            lines.append(f"{start} {json.dumps(value, ensure_ascii=False)}")
    return lines
