"""Assembles one study's Quarto project: the true project, the study's text, numbers, exhibits."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from venaza.contracts.documents import EXHIBIT_FILES
from venaza.contracts.figures import exhibit_id
from venaza.contracts.files import write_json, write_text
from venaza.pipeline.report import documents, facts
from venaza.pipeline.report.context import Context
from venaza.pipeline.report.counts import counted, over
from venaza.pipeline.report.facts import author
from venaza.pipeline.report.grammar import groups_of, is_synthetic
from venaza.pipeline.report.numbers import Numbers, escape
from venaza.pipeline.report.text import phrase
from venaza.pipeline.report.variables import variables_yaml
from venaza.pipeline.report.word import prepare
from venaza.study.journal import in_print
from venaza.study.words import say

# The facts bind their sentences, and register what the templates call, as they are imported.
for _module in pkgutil.iter_modules(facts.__path__, f"{facts.__name__}."):
    importlib.import_module(_module.name)

#: The faces of the manuscript, from the packages font-source-serif-pro and -sans-pro.
SERIF = ("Regular", "It", "Semibold", "SemiboldIt")
SANS = ("Regular", "It", "Semibold", "SemiboldIt")
#: The citation style without a journal.
HOUSE_STYLE = Path(__file__).parents[3] / "config/journals/csl/numeric.csl"
_TABLES = ("support", "queries", "adsl", "adtte", "row_account", "corrections", "changes")
IMAGES = (".svg", ".pdf", ".png")
_WORDS = {"fig": "Figure", "tbl": "Table", "keywords": "Keywords"}


@dataclass(frozen=True)
class Inputs:
    """What ``venaza.pipeline.report.stage`` is given; see there."""

    tables: dict[str, pd.DataFrame]
    ard: pd.DataFrame
    study: dict
    facts: dict
    figures: list[str]
    figures_folder: Path
    printed: list[str]
    tables_folder: Path
    reference: Path
    style: Path = HOUSE_STYLE


def assemble(folder: Path, inputs: Inputs, project: Path) -> list[Path]:
    """Write the project whole: into a folder beside it first, then in its place."""
    context = context_of(inputs)
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        _copy_project(part, project, context.language)
        _copy_exhibits(part, inputs)
        shutil.copyfile(inputs.style, part / "style/references.csl")
        _copy_fonts(part)
        shutil.copyfile(inputs.reference, part / "reference.docx")
        submission, chinese = inputs.study["report"]["submission"], context.language == "zh"
        prepare(part / "reference.docx", _notice(context), submission, chinese)
        texts, parts = documents.written(context)
        for name, text in texts.items():
            write_text(text, part / f"{name}.qmd")
        for name, text in parts.items():
            write_text(text, part / "_generated" / f"{name}.md")
        write_json(_files(inputs), part / EXHIBIT_FILES)
        shown = in_print(inputs.ard, inputs.study)
        write_text(variables_yaml(shown, inputs.study), part / "_variables.yml")
        write_text(metadata_yaml(context), part / "_study.yml")
        counts = counted(part)
        title_page = documents.title_page(replace(context, counts=counts))
        write_text(title_page, part / "_generated/title_page.md")
        notes = {**author.notes(context), "not_there": documents.not_there(context)}
        write_json({**notes, "over": too_long(context, counts)}, part / "_author.json")
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _files(inputs: Inputs) -> dict[str, list[str]]:
    """The files of each figure and table that a reader may want, from results/STUDY."""
    kinds = ["csv", "svg", "pdf", "png", *(["tiff"] if inputs.study["report"]["tiff"] else [])]
    figures = {
        exhibit_id(f"fig {name}"): [f"figures/{name}.{kind}" for kind in kinds]
        for name in inputs.figures
    }
    tables = {
        exhibit_id(f"tbl {name}"): [f"tables/{name}.csv", "tables/tables.xlsx"]
        for name in inputs.printed
    }
    return figures | tables


def context_of(inputs: Inputs) -> Context:
    """What the text is written from."""
    return Context(
        numbers=Numbers(inputs.ard, inputs.study),
        study=inputs.study,
        groups=groups_of(inputs.study),
        figures=inputs.figures,
        printed=inputs.printed,
        tables_folder=inputs.tables_folder,
        made_from=inputs.facts,
        **{name: inputs.tables.get(name) for name in _TABLES},
    )


def _notice(context: Context) -> str:
    """What is said of made-up patients wherever the manuscript has one line for it."""
    return phrase(context, "made_up") if is_synthetic(context.study) else ""


def too_long(context: Context, counts: dict[str, int]) -> dict:
    """What the end of the run says of the journal's limits: its name, and what is above them."""
    found = over(counts, context.journal["limits"])
    return {"journal": context.journal["name"], "counts": found} if found else {}


def metadata_yaml(context: Context) -> str:
    """The study's own metadata: title, authors, date, keywords, running head, as they are written.

    Pandoc reads metadata as Markdown. Quarto writes the date itself, in the language of the text;
    ``words`` are those that the renderers print and neither knows.
    """
    own, report = context.study["study"], context.study["report"]
    date = context.study["cutoff"] or context.study["export"]
    values = {
        "title": escape(own["title"]),
        "author": [escape(_author(author)) for author in report["authors"]],
        "date": str(date),
        "printed-date": phrase(context, "long_date", date),
        # Pandoc writes a straight quotation mark into an attribute as it is, which ends it.
        "keywords": [escape(word).replace('\\"', '"') for word in report["keywords"]],
        "printed-keywords": [escape(word) for word in report["keywords"]],
        "short-title": escape(own["short"]),
        "subtitle": _notice(context),
        "notice": _notice(context),
        "submission": report["submission"],
        "words": {key: say(context.study, english) for key, english in _WORDS.items()}
        if context.study.get("words")
        else None,
    }
    lines = [f"{key}: {json.dumps(v, ensure_ascii=False)}" for key, v in values.items() if v]
    return "# Metadata of this study, from its study file.\n" + "\n".join(lines) + "\n"


def _author(author: str | dict) -> str:
    """An author as text: pandoc prints a mapping as ``true``."""
    if isinstance(author, str):
        return author
    affiliation = author.get("affiliation")
    return f"{author['name']} ({affiliation})" if affiliation else author["name"]


def _copy_project(target: Path, project: Path, language: str) -> None:
    """The project; what another language than English says of it takes the place of its lines."""
    ignored = shutil.ignore_patterns("*.py", "__pycache__", ".*", "text", "languages")
    shutil.copytree(project, target, ignore=ignored)
    own = target / "language"
    if not (project / "languages" / language).is_dir():
        return
    shutil.copytree(project / "languages" / language, own)
    told = (target / "_quarto.yml").read_text(encoding="utf-8")
    for line in (own / "_quarto.yml").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            told = re.sub(rf"^{line.partition(':')[0]}: .*$", line, told, flags=re.MULTILINE)
    write_text(told, target / "_quarto.yml")
    styles = [folder / "manuscript.css" for folder in (target / "style", own)]
    write_text("".join(path.read_text(encoding="utf-8") for path in styles), styles[0])


def _copy_exhibits(target: Path, inputs: Inputs) -> None:
    (target / "figures").mkdir()
    for name in inputs.figures:
        for suffix in IMAGES:
            file = f"{name}{suffix}"
            shutil.copyfile(inputs.figures_folder / file, target / "figures" / file)


def _copy_fonts(target: Path) -> None:
    import font_source_sans_pro
    import font_source_serif_pro

    (target / "fonts").mkdir()
    for module, family, faces in (
        (font_source_serif_pro, "SourceSerifPro", SERIF),
        (font_source_sans_pro, "SourceSansPro", SANS),
    ):
        folder = Path(module.font_directory)
        for face in faces:
            file = f"{family}-{face}.ttf"
            shutil.copyfile(folder / file, target / "fonts" / file)
