"""Figures and tables with their captions, as Quarto's numbered floats."""

from __future__ import annotations

import re
from pathlib import Path

from venaza.contracts.wording import listed
from venaza.markup.printed import Column, Section, Table, to_html, words
from venaza.pipeline.report.context import Context, exhibit_id
from venaza.pipeline.report.grammar import is_synthetic, small
from venaza.pipeline.report.numbers import escape, fact
from venaza.pipeline.report.text import in_text
from venaza.study.support import explained

_BARE_QUOTE = re.compile(r'(?<!\\)"')


@in_text
def figure_of(context: Context, name: str) -> str:
    """The figure of that name as Markdown; empty where the study does not have it."""
    return figure(name, context)


def figure(name: str, context: Context) -> str:
    """The figure as Markdown; empty where the study does not have it."""
    if name not in context.figures:
        return ""
    title, rest = _figure_caption(name, context)
    unsure = explained(_codes(name, context), context.support, context.study)
    rest = " ".join([rest, *(fact(text, "endpoints/support") for text in unsure)]).strip()
    synthetic = _synthetic(name, context)
    alt = _BARE_QUOTE.sub("'", f"{title}{synthetic}")
    caption = f"**{title}** {rest}{synthetic}".strip()
    return (
        f"![{caption}](figures/{name}){{#{exhibit_id(f'fig {name}')} "
        f'fig-alt="{alt}" width="100%"}}\n'
    )


def _codes(name: str, context: Context) -> list[str]:
    """The definitions whose times a figure shows."""
    kind, _, code = name.partition("_")
    code = code.removeprefix("makuch_").split("_")[0]
    if kind == "definitions":
        return [code, *(c for c, d in context.study["alternatives"].items() if d["of"] == code)]
    return [code] if kind in _TIMED else []


_TIMED = ("km", "cif", "beside", "forest", "hazards", "simon")


def with_content(paths: list[str]) -> list[str]:
    """The names of the figures among these files whose data (``NAME.csv``) are not empty.

    A figure that says in a sentence why nothing is drawn has no data, and the text says it too.
    """
    tables = [Path(path) for path in paths if path.endswith(".csv")]
    return [path.stem for path in tables if len(path.read_text("utf-8").splitlines()) > 1]


@in_text
def table(context: Context, name: str) -> str:
    """The printed table of that name as Markdown; empty where the study does not have it."""
    if name not in context.printed:
        return ""
    html = (context.tables_folder / f"{name}.html").read_text(encoding="utf-8")
    return float_table(name, html, _table_caption(name, context), here=name == "definitions")


def float_table(name: str, html: str, caption: str, here: bool = True) -> str:
    """An HTML table, numbered, with its caption; ``here`` keeps it where it stands in the PDF."""
    place = " .here" if here else ""
    return (
        f"::: {{#{exhibit_id(f'tbl {name}')}{place}}}\n\n```{{=html}}\n{html.strip()}\n```\n\n"
        f"{caption}\n\n:::\n"
    )


def prose_table(head: list[str], sections: list[Section], widths: list[float]) -> str:
    """An HTML table of words; ``widths`` are the columns' shares, the row labels' first."""
    columns = [Column(words(name), "", w) for name, w in zip(head[1:], widths[1:], strict=True)]
    html = to_html(Table(head[0], columns, sections, label_width=widths[0], prose=True))
    return html.replace("'", "&#x27;")  # as kept manuscripts have it, which are compared by byte


def _by(context: Context) -> str:
    if not context.several:
        return ""
    return f" by {escape(small(str(context.study['groups']['label'])))}"


def _figure_caption(name: str, context: Context) -> tuple[str, str]:
    """Title and explanation of a figure."""
    if name.startswith("km_"):
        return (
            f"{context.label(name[3:])}{_by(context)}.",
            "Kaplan–Meier estimates with their confidence bands; ticks mark censored patients, "
            "dotted lines the medians.",
        )
    if name.startswith("cif_"):
        return (
            f"{context.label(name[4:])}{_by(context)}.",
            "Aalen–Johansen estimates: solid lines are the event, broken lines the competing "
            "event.",
        )
    if name.startswith("definitions_"):
        return (
            f"{context.label(name[12:])} by its definitions.",
            "Kaplan–Meier estimates; the definition used in this report is drawn thick.",
        )
    if name.startswith("beside_"):
        return (
            f"{context.label(name[7:])} of this cohort and as published elsewhere.",
            "Kaplan–Meier estimates, of this cohort with confidence bands and censoring ticks. "
            "Broken lines: reconstructed from published curves, numbers at risk as reconstructed.",
        )
    if name.startswith("forest_"):
        return (
            f"{context.label(name[7:])} in subgroups.",
            "Exploratory: hazard ratios between the groups within each level, with their "
            "confidence intervals; squares grow with the events, an arrow leads beyond the axis. "
            + _penalised((f"subgroup.{name[7:]}.",), context),
        )
    if name.startswith("hazards_"):
        code = name.removeprefix("hazards_")
        return (
            f"{context.label(code)}: hazard ratios of the Cox models.",
            "The numbers of the table as a forest, with their confidence intervals; an arrow leads "
            f"beyond the axis. {_penalised((f'cox.{code}.', f'coxm.{code}.'), context)}",
        )
    if name.startswith("simon_makuch_"):
        code, change = name.removeprefix("simon_makuch_").split("_", 1)
        numbers = context.numbers
        what = small(numbers.term(f"tdcox.{code}.{change.upper()}.n"))
        return (
            f"{context.label(code)} after and before {what}{_by(context)}.",
            "Simon–Makuch curves: a patient counts before it (broken lines) until the day it came "
            "and after it (solid lines) from then on; below, those under observation in each "
            "state. Where few are, the curves are unstable.",
        )
    titles = {
        "flow": (
            "Flow of the patients.",
            "From the export to the populations analysed.",
        ),
        "response": (
            f"Best overall response and response rates{_by(context)}.",
            "Lines are exact confidence intervals."
            if context.study["analysis"]["proportion_interval"] == "clopper-pearson"
            else "Lines are Wilson confidence intervals.",
        ),
        "swimmer": (
            "Course of each patient.",
            "One line per patient from the index date; marks show response, failure of the "
            "regimen and what followed it.",
        ),
        "ae": (
            f"Adverse events{_by(context)}.",
            "The most frequent treatment-emergent terms, each patient once per term at the worst "
            "grade.",
        ),
        "evidence": (
            "Response rates of this cohort and of published series.",
            "Squares grow with the number of patients, lines are exact confidence intervals; an "
            "open square has none. A diamond is a pooled rate with its confidence interval, the "
            "broken line its prediction interval. Endpoints as named by their authors; for this "
            f"cohort composite remission is {_remission(context)}.",
        ),
    }
    return titles[name]


def _remission(context: Context) -> str:
    return listed(list(context.study["response"]["remission"]), "or")


def _penalised(prefixes: tuple[str, ...], context: Context) -> str:
    rows = (row for row in context.numbers.rows() if row["ard_id"].startswith(prefixes))
    if any("Firth" in str(row["method"]) for row in rows):
        return "Where events are few the estimate is Firth's penalised one."
    return ""


def _table_caption(name: str, context: Context) -> str:
    by = _by(context)
    captions = {
        "baseline": f"**Patients at baseline{by}.**",
        "risk": "**Genetic risk groups, recorded and derived.**",
        "response": f"**Response{by}.**",
        "survival": f"**Follow-up and time-to-event endpoints{by}.**",
        "failure": f"**{_failure(context)} and what followed{by}.**",
        "sensitivity": "**What the definition of an endpoint does to it.**",
        "cox": (
            "**Cox models.**"
            if context.study["analysis"].get("multivariable")
            else "**Univariable Cox models.**"
        ),
        "influence": "**Estimates with one patient left out.**",
        "dynamic": f"**Landmarks and time-dependent covariates{by}.**",
        "adverse_events": f"**Adverse events{by}.**",
        "labs": f"**Laboratory values and tumour lysis syndrome{by}.**",
        "labs_shift": "**Laboratory grades at baseline and at their worst.**",
        "published": "**The published values and those computed here.**",
        "evidence": "**Survival and other outcomes of this cohort and as published.**",
        "trials": "**Ongoing trials.**",
        "definitions": "**Endpoints as defined in this study.**",
    }
    return captions[name] + _synthetic(name, context)


def _synthetic(name: str, context: Context) -> str:
    """What a caption says of made-up patients; published numbers and trials are none."""
    if not is_synthetic(context.study) or name == "trials":
        return ""
    return " This cohort: synthetic data." if name == "evidence" else " Synthetic data."


def _failure(context: Context) -> str:
    start = context.study["endpoints"]["PFOS"]["start"] if "failure" in context.printed else ""
    return "Relapse" if start == "RELAPSE" else "Failure of the regimen"
