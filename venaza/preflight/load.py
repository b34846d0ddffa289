"""A study: its file, the field's defaults and the endpoint library, made one and checked."""

from __future__ import annotations

from pathlib import Path

from venaza.contracts.clean import MADE, TABLES
from venaza.contracts.coded_values import merged
from venaza.contracts.errors import Key, StudyError
from venaza.contracts.headers import mapped_columns
from venaza.contracts.key_lines import lines_named, name_line
from venaza.preflight.analyses import check_analyses
from venaza.preflight.author import author_of, check_main
from venaza.preflight.column_keys import check_keys
from venaza.preflight.corrections import load_corrections
from venaza.preflight.evidence import evidence_of
from venaza.preflight.exports import choose_export, dated_exports
from venaza.preflight.journal import journal_of
from venaza.preflight.layouts import check_layouts, plain_records, words_of
from venaza.preflight.mapping import map_tables
from venaza.preflight.milestones import check_milestones, milestones_of
from venaza.preflight.needs import check_needs
from venaza.preflight.privacy import privacy_of
from venaza.preflight.redcap import check_forms, read_redcap
from venaza.preflight.reference_docx import with_reference
from venaza.preflight.variables import (
    check_columns,
    check_groups,
    levels,
    own_columns,
    variables_of,
    with_kind,
)
from venaza.study.by_cycle import check_by_cycles
from venaza.study.checks import check_words, load_checks, messages
from venaza.study.citations import check_citations
from venaza.study.documents import merge, read_yaml, validate
from venaza.study.endpoints import check_endpoints, check_response
from venaza.study.library import (
    CHECKLISTS,
    STUDY_SCHEMA,
    check_criteria,
    check_tests,
    ctcae,
    endpoint_library,
    read_definition,
    vocabulary,
)
from venaza.study.names import check_known, did_you_mean, no_such
from venaza.study.published import published_of
from venaza.study.published_curves import published_curves
from venaza.study.regimens import check_regimens
from venaza.study.risk import check_panel, derived_levels, risk_tables
from venaza.study.synonyms import lab_headers
from venaza.study.units import check_units, load_units, with_lab_units
from venaza.study.vocabulary import ADVERSE_EVENT, check_codes, taught, taught_terms
from venaza.study.words import printed_words

#: Files that have keys of a study in the study file's stead.
_DEFINED = ("config/defaults.yaml", "config/endpoints.yaml")


def load_run(root: Path, overrides: dict) -> dict:
    """The run configuration: ``config/config.yaml`` with ``--config`` on top.

    Returns ``{"studies": [names], "export": text, "baseline": text, "formats": [names],
    "bridges": [names]}``.
    """
    try:
        return _checked_run(root, overrides)
    except StudyError as error:
        _say_where(error, root, overrides)
        raise


def _say_where(error: StudyError, root: Path, overrides: dict) -> None:
    """Name the file and its line, unless the value was given on the command line."""
    path, key = "config/config.yaml", error.place["column"]
    in_file = read_yaml(root / path, path) if key and (root / path).is_file() else {}
    if key in in_file and _text(in_file[key]) == _text(overrides.get(key)):
        error.place["file"] = path
        name_line(error, root)


def _checked_run(root: Path, overrides: dict) -> dict:
    shown = "config/config.yaml and --config"
    run = {key: _text(value) for key, value in overrides.items()}
    schema = read_yaml(root / "workflow/schemas/config.schema.yaml", "config.schema.yaml")
    validate(run, schema, shown)
    known = sorted(path.stem for path in (root / "config/studies").glob("*.yaml"))
    studies = list(dict.fromkeys(name.strip() for name in run["studies"].split(",")))
    for name in studies:
        if name not in known:
            raise StudyError(
                f"There is no study '{name}'.",
                fix=f"{did_you_mean(name, known)}Studies here: {', '.join(known)}.",
                at=Key(shown, "studies", name),
            )
    wishes = {"export": run["export"], "baseline": run.get("baseline", "before")}
    lists = {
        key: list(dict.fromkeys(name.strip() for name in run.get(key, "").split(",") if name))
        for key in ("formats", "bridges")
    }
    return {"studies": studies, **wishes, **lists}


def _text(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return "" if value is None else str(value)


def load_study(root: Path, name: str, export: str = "newest") -> dict:
    """The study ``name`` as every stage gets it: defaults merged, endpoints resolved, checked.

    Raises ``StudyError`` for whatever is wrong in the study file, with the line of the key, or in
    the choice of export.
    """
    with lines_named(root, _DEFINED):
        return _loaded(root, name, export)


def _loaded(root: Path, name: str, export: str) -> dict:
    shown = f"config/studies/{name}.yaml"
    own = read_yaml(root / shown, shown)
    schema = read_yaml(root / STUDY_SCHEMA, STUDY_SCHEMA)
    library = endpoint_library(root)
    words = vocabulary(root)
    defaults = _defaults(root, schema, library)
    if "endpoints" in own:
        defaults.pop("endpoints")
    base = merge(defaults, {"vocabulary": {k: v for k, v in words.items() if k != "asked"}})
    base |= {key: library[key] for key in ("milestones", "failure", "on_one_day")}
    study = merge(base, own)
    study["milestones"] = milestones_of(library, own)
    validate(study, schema, shown, _known_at)
    study["id"] = name
    study["asked"] = words.pop("asked", {})
    words |= {"unmapped": study["vocabulary"]["unmapped"]}
    own_words = own.get("vocabulary", {})
    study["vocabulary"] = taught(words, own_words, study["tables"], shown)
    chosen, definitions = study["endpoints"], library["definitions"]
    study["endpoints"] = _endpoints(chosen, definitions, shown)
    study["alternatives"] = _alternatives(chosen, definitions, shown)
    study["groups"] = with_kind(study.get("groups"))
    study["published"] = published_of(root, study, shown)
    study["evidence"] = evidence_of(root, study, shown, own.get("evidence") or {})
    study["report"] = with_reference(root, study["report"], shown)
    study["journal"] = journal_of(root, study, shown)
    study["published_curves"] = published_curves(root, study, shown)
    study["redcap"] = read_redcap(root, study, export, shown)
    study["tables"], study["mapped"] = map_tables(root, study, export, shown)
    study["tables"] = {
        table: _records(plain_records(table, spec, study["redcap"], shown))
        for table, spec in study["tables"].items()
    }
    if labs := study["tables"].get("labs"):
        labs["records"] = with_lab_units(labs["records"])
        study["labs"] = {**study["labs"], "headers": lab_headers(root)}
    check_codes(words, own_words, study, shown)
    check_forms(study, shown)
    words = study["vocabulary"]
    check_known(
        study["labs"]["specimens"], words["specimen"], "a specimen", shown, "labs > specimens"
    )
    check_known(
        study["mrd"]["materials"], words["material"], "a material", shown, "mrd > materials"
    )
    study["ctcae"] = taught_terms(ctcae(root), own_words.get(ADVERSE_EVENT, {}))
    for kind in ("lab_grades", "tls"):
        study[kind] = read_definition(root, f"config/{kind}.yaml", kind)
    study["columns"] = own_columns(study["tables"]["patients"], shown)
    _check_vocabularies(study, shown)
    study["levels"] = levels(study)
    study["units"] = load_units(root, study.get("units", {}), shown)
    check_tests(study["lab_grades"], study["tls"], study)
    study["criteria"] = _criteria(root, study["response"]["criteria"], study, shown)
    study["risk"] = study.get("risk")
    study["risk_tables"] = risk_tables(root, study, shown)
    check_citations(root, study, shown)
    study["author"] = author_of(root, study, shown)
    paths = (f"config/checklists/{name}.yaml" for name in CHECKLISTS)
    study["checklists"] = [read_definition(root, path, "checklist") for path in paths]
    study["levels"] |= derived_levels(study)
    study["privacy"] = privacy_of(root, study, shown)
    study["checks"] = load_checks(root, study, shown)
    said = messages(root, study["language"])
    study["words"] = check_words(study["checks"]["rules"], said) | printed_words(root, study)
    if study["queries"]["language"] == "auto":
        study["queries"] = {**study["queries"], "language": study["language"]}
    study["messages"] = messages(root, study["queries"]["language"])
    _check(study, shown)
    check_keys(study, shown)
    check_layouts(study, shown)
    check_by_cycles(study, shown)
    check_regimens(study, shown)
    check_units(study, shown)
    study["export"] = choose_export(root, name, export)
    exports = dated_exports(root, name)
    study["corrections"] = load_corrections(root, name, study["export"], exports)
    cutoff = study["timeline"]["cutoff"]
    study["cutoff"] = {"export": study["export"], "none": None}.get(cutoff, cutoff)
    check_main(study, shown)
    return study


def _known_at(path: list) -> list[str]:
    """The columns of a clean table, where a study file names one."""
    table = path[1] if path[:1] == ["tables"] and "columns" in path else ""
    return [c.name for c in TABLES.get(table, ()) if c.name not in MADE]


def _criteria(root: Path, name: str, study: dict, shown: str) -> dict:
    _check_criteria(root, name, shown)
    path = f"config/criteria/{name}.yaml"
    found = read_definition(root, path, "criteria")
    check_criteria(found, study["vocabulary"], path)
    return found


def _check_criteria(root: Path, name: str, shown: str) -> None:
    known = [path.stem for path in (root / "config/criteria").glob("*.yaml")]
    check_known([name], known, "a file of config/criteria", shown, "response > criteria")


def _defaults(root: Path, schema: dict, library: dict) -> dict:
    """config/defaults.yaml, by the schema of study files but for what only these have."""
    path = "config/defaults.yaml"
    found = read_yaml(root / path, path)
    sections = dict(schema["properties"])
    for name in ("study", "timeline", "analysis"):
        sections[name] = {k: v for k, v in sections[name].items() if k != "required"}
    validate(found, {**schema, "required": ["vocabulary"], "properties": sections}, path)
    _endpoints(found["endpoints"], library["definitions"], path)
    _check_criteria(root, found["response"]["criteria"], path)
    known = [column.name for column in TABLES["patients"]]
    kind = "a column of the patients"
    check_known(found["analysis"]["table1"], known, kind, path, "analysis > table1")
    return found


def _endpoints(chosen: dict, definitions: dict, shown: str) -> dict:
    resolved = {}
    for code, choice in chosen.items():
        wish = {"like": f"{code}.{choice}"} if isinstance(choice, str) else dict(choice)
        like = wish.pop("like", None)
        wish.pop("alternatives", None)
        base = {}
        if like is not None:
            family, _, variant = like.partition(".")
            known = [f"{f}.{v}" for f, variants in definitions.items() for v in variants]
            if like not in known:
                raise StudyError(
                    f"There is no endpoint definition '{like}'.",
                    fix=f"{did_you_mean(like, known)}Definitions: {', '.join(sorted(known))}.",
                    at=Key(shown, f"endpoints > {code}", like),
                )
            base = definitions[family][variant]
        name = like.partition(".")[2] if like else "own"
        named = {"competing": [], "short": name.replace("_", " "), "definition": name}
        resolved[code] = {**named, **base, **wish}
    return resolved


def _alternatives(chosen: dict, definitions: dict, shown: str) -> dict:
    """Other definitions of an endpoint, shown beside it: ``EFS.eln2022`` and its definition."""
    found = {}
    for code, choice in chosen.items():
        for wish in choice.get("alternatives", []) if isinstance(choice, dict) else []:
            named = {"name": wish, "like": f"{code}.{wish}"} if isinstance(wish, str) else wish
            name = named["name"]
            rest = {key: value for key, value in named.items() if key != "name"}
            definition = _endpoints({code: rest}, definitions, shown)[code]
            short = rest.get("short", definition["short"])
            if f"{code}.{name}" in found:
                raise StudyError(
                    f"The endpoint {code} has two alternatives called '{name}'.",
                    fix="Give one of them another name, or take it out.",
                    at=Key(shown, f"endpoints > {code} > alternatives", name),
                )
            found[f"{code}.{name}"] = {**definition, "short": short, "definition": name, "of": code}
    return found


def _records(spec: dict) -> dict:
    """The table's columns in their long form; a table without records is one record."""
    records = spec.get("records") or [{"columns": spec["columns"]}]
    long = [{"columns": _of_sheet(_long(record["columns"]), record)} for record in records]
    kept = {key: value for key, value in spec.items() if key not in ("columns", "records")}
    rows = kept.get("header_row", 1)
    rows = sorted(rows) if isinstance(rows, list) else rows
    return {**kept, "header_row": rows, "records": long}


def _of_sheet(columns: dict, record: dict) -> dict:
    """The columns of a record that is read from one sheet of a joined table alone."""
    if "sheet" not in record:
        return columns
    return {name: {"sheet": record["sheet"], **how} for name, how in columns.items()}


def _long(columns: dict) -> dict:
    long = {
        name: {"from": how} if isinstance(how, str) else _with_words(how)
        for name, how in columns.items()
    }
    # The CTCAE term is read from the event as recorded, unless it has a column of its own.
    if not {"from", "constant"} & long.get("AEDECOD", {"from": ""}).keys():
        long["AETERM"] = {**long["AETERM"], "values": _all_words(long)}
        del long["AEDECOD"]
    return long


def _all_words(columns: dict) -> dict[str, list[str]]:
    """The words of events, under ``AETERM`` or ``AEDECOD`` or both."""
    both = [columns[name].get("values", {}) for name in ("AETERM", "AEDECOD")]
    return merged(*both)


def _with_words(how: dict) -> dict:
    """A column's mapping, its conditions as lists of text."""
    conditions = {
        use: {header: words_of(wanted) for header, wanted in how[use].items()}
        for use in ("when", "otherwise")
        if use in how
    }
    return {**how, **conditions}


def _check(study: dict, shown: str) -> None:
    """What a schema cannot say: names that must exist elsewhere in the file."""
    check_columns(study, shown)
    milestones = check_milestones(study, shown)
    check_endpoints(study, milestones, shown)
    variables = variables_of(study)
    check_groups(study, variables, shown)
    check_response(study, shown)
    check_panel(study, shown)
    check_analyses(study, variables, milestones, shown)
    columns = {column.name for table in TABLES.values() for column in table}
    columns |= {own["name"] for own in study["columns"]}
    kind = "a column of a clean table"
    check_known(study["changes"]["expected"], columns, kind, shown, "changes > expected")
    check_needs(study, shown)


def _check_vocabularies(study: dict, shown: str) -> None:
    """The vocabularies that columns name."""
    known = [name for name, words in study["vocabulary"].items() if isinstance(words, dict)]
    for table, spec in study["tables"].items():
        for name, how in mapped_columns(spec):
            if how.get("vocabulary", known[0]) not in known:
                place = f"tables > {table} > columns > {name} > vocabulary"
                raise no_such(how["vocabulary"], known, "a vocabulary", shown, place)
