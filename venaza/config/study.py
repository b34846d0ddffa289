"""A study: its file, the field's defaults and the endpoint library, made one and checked."""

from __future__ import annotations

from pathlib import Path

from venaza.clean.words import codes
from venaza.config.checks import load_checks
from venaza.config.corrections import load_corrections
from venaza.config.documents import merge, read_yaml, validate
from venaza.config.evidence import evidence_of
from venaza.config.exports import choose_export, dated_exports
from venaza.config.layouts import check_layouts, plain_records, words_of
from venaza.config.lines import lines_named
from venaza.config.mapping import map_tables
from venaza.config.models import check_models
from venaza.config.names import did_you_mean, no_such
from venaza.config.privacy import privacy_of
from venaza.config.published_curves import published_curves
from venaza.config.redcap import read_redcap
from venaza.config.risk import derived_levels, risk_tables
from venaza.contracts.clean import TABLES
from venaza.contracts.columns import names
from venaza.errors import StudyError

#: Milestones that the engine makes itself, beside those of the library.
ENGINE_MILESTONES = ("INDEX", "LAST_ALIVE", "ASSESSED", "LAST_ASSESSMENT", "FAILURE")


def load_run(root: Path, overrides: dict) -> dict:
    """The run configuration: ``config/config.yaml`` with ``--config`` on top.

    Returns ``{"studies": [names], "export": text, "baseline": text, "formats": [names],
    "bridges": [names]}``.
    """
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
                file=shown,
                column="studies",
                value=name,
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
    with lines_named(root):
        return _loaded(root, name, export)


def _loaded(root: Path, name: str, export: str) -> dict:
    shown = f"config/studies/{name}.yaml"
    own = read_yaml(root / shown, shown)
    library = read_yaml(root / "config/endpoints.yaml", "config/endpoints.yaml")
    words = read_yaml(root / "config/vocabulary.yaml", "config/vocabulary.yaml")
    defaults = read_yaml(root / "config/defaults.yaml", "config/defaults.yaml")
    if "endpoints" in own:
        defaults.pop("endpoints")
    base = merge(defaults, {"vocabulary": words})
    base |= {"milestones": library["milestones"], "failure": library["failure"]}
    study = merge(base, own)
    validate(study, read_yaml(root / "workflow/schemas/study.schema.yaml", "schema"), shown)
    study["id"] = name
    chosen, definitions = study["endpoints"], library["definitions"]
    study["endpoints"] = _endpoints(chosen, definitions, shown)
    study["alternatives"] = _alternatives(chosen, definitions, shown)
    study["groups"] = study.get("groups")
    study["published"] = study.get("published")
    study["evidence"] = evidence_of(root, study, shown)
    study["published_curves"] = published_curves(root, study, shown)
    study["redcap"] = read_redcap(root, study, export, shown)
    study["tables"], study["mapped"] = map_tables(root, study, export, shown)
    study["tables"] = {
        table: _records(plain_records(table, spec, study["redcap"], shown))
        for table, spec in study["tables"].items()
    }
    study["ctcae"] = read_yaml(root / "config/ctcae.yaml", "config/ctcae.yaml")
    study |= {name: read_yaml(root / f"config/{name}.yaml", name) for name in ("lab_grades", "tls")}
    study["columns"] = _own_columns(study["tables"]["patients"], shown)
    _check_vocabularies(study, shown)
    study["levels"] = _levels(study)
    study["units"] = read_yaml(root / "config/units.yaml", "config/units.yaml")
    criteria = f"config/criteria/{study['response']['criteria']}.yaml"
    study["criteria"] = read_yaml(root / criteria, criteria)
    study["risk"] = study.get("risk")
    study["risk_tables"] = risk_tables(root, study, shown)
    study["levels"] |= derived_levels(study)
    study["privacy"] = privacy_of(root, study, shown)
    study["checks"] = load_checks(root, study, shown)
    _check(study, shown)
    check_layouts(study, shown)
    study["export"] = choose_export(root, name, export)
    exports = dated_exports(root, name)
    study["corrections"] = load_corrections(root, name, study["export"], exports)
    cutoff = study["timeline"]["cutoff"]
    study["cutoff"] = {"export": study["export"], "none": None}.get(cutoff, cutoff)
    return study


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
                    file=shown,
                    column=f"endpoints > {code}",
                    value=like,
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
            found[f"{code}.{name}"] = {**definition, "short": short, "definition": name, "of": code}
    return found


def _records(spec: dict) -> dict:
    """The table's columns in their long form; a table without records is one record."""
    records = spec.get("records") or [{"columns": spec["columns"]}]
    long = [
        {
            "columns": {
                name: {"from": how} if isinstance(how, str) else _with_words(how)
                for name, how in record["columns"].items()
            }
        }
        for record in records
    ]
    kept = {key: value for key, value in spec.items() if key not in ("columns", "records")}
    rows = kept.get("header_row", 1)
    return {**kept, "header_row": rows if isinstance(rows, int) else sorted(rows), "records": long}


def _with_words(how: dict) -> dict:
    """A column's mapping, its conditions as lists of text."""
    conditions = {
        use: {header: words_of(wanted) for header, wanted in how[use].items()}
        for use in ("when", "otherwise")
        if use in how
    }
    return {**how, **conditions}


def _own_columns(patients: dict, shown: str) -> list[dict]:
    """The patients' columns that only this study has, in the order of the study file."""
    known = set(names(TABLES["patients"])) | {"INDEXDT", "LSTALVDT"}
    own = []
    for name, how in patients["records"][0]["columns"].items():
        if name in known:
            continue
        if "label" not in how:
            close = did_you_mean(name, sorted(known))
            raise StudyError(
                f"'{name}' is not a column of the clean table 'patients'.",
                fix=f"{close}A column of your own needs a 'label'.",
                file=shown,
                column=f"tables > patients > columns > {name}",
            )
        own.append(
            {
                "name": name,
                "label": how["label"],
                "type": how.get("type", "string"),
                "unit": how.get("unit", ""),
            }
        )
    return own


def _levels(study: dict) -> dict[str, list[str]]:
    """The codes of each coded variable of the patients, in the order of their vocabulary."""
    levels = {}
    for name, how in study["tables"]["patients"]["records"][0]["columns"].items():
        known = codes(name, how, study)
        if known is not None:
            levels[name] = list(known)
    return levels


def _check(study: dict, shown: str) -> None:
    """What a schema cannot say: names that must exist elsewhere in the file."""
    for table, spec in study["tables"].items():
        known = names(TABLES[table])
        for record in spec["records"]:
            for name in record["columns"]:
                if table != "patients" and name not in known:
                    raise no_such(name, known, f"a column of '{table}'", shown, f"tables > {table}")
    milestones = [*study["milestones"], *ENGINE_MILESTONES]
    for code, endpoint in {**study["endpoints"], **study["alternatives"]}.items():
        missing = [k for k in ("label", "start", "events", "censors") if k not in endpoint]
        if missing:
            raise StudyError(
                f"The endpoint {code} lacks '{missing[0]}'.",
                fix="Give it, or start from a definition of the library with 'like'.",
                file=shown,
                column=f"endpoints > {code}",
            )
        used = [endpoint["start"], *endpoint["events"], *endpoint["competing"]]
        used += [*endpoint["censors"], *endpoint.get("censor_at", [])]
        used += [endpoint["entry"]] if "entry" in endpoint else []
        landmark = endpoint.get("landmark", {})
        if landmark and "entry" in endpoint:
            raise StudyError(
                f"The endpoint {code} has both an 'entry' and a 'landmark'.",
                fix="Leave one out: who failed at time zero was never under observation after it.",
                file=shown,
                column=f"endpoints > {code}",
            )
        used += [landmark[key] for key in ("reached", "milestone") if key in landmark]
        for name in used:
            if name not in milestones:
                raise no_such(name, milestones, "a milestone", shown, f"endpoints > {code}")
    variables = [*names(TABLES["patients"]), *(c["name"] for c in study["columns"])]
    variables += derived_levels(study)
    if study["groups"] and study["groups"]["variable"] not in variables:
        raise no_such(study["groups"]["variable"], variables, "a variable", shown, "groups")
    for name in study["analysis"]["table1"]:
        if name not in variables:
            raise no_such(name, variables, "a variable", shown, "analysis > table1")
    check_models(study, variables, shown)
    _check_analyses(study, [*variables, "GROUP"], milestones, shown)
    if study["analysis"]["primary"] not in study["endpoints"]:
        raise no_such(
            study["analysis"]["primary"],
            list(study["endpoints"]),
            "an endpoint of this study",
            shown,
            "analysis > primary",
        )


def _check_vocabularies(study: dict, shown: str) -> None:
    """The vocabularies that columns name."""
    known = [name for name, words in study["vocabulary"].items() if isinstance(words, dict)]
    for table, spec in study["tables"].items():
        for record in spec["records"]:
            for name, how in record["columns"].items():
                if how.get("vocabulary", known[0]) not in known:
                    place = f"tables > {table} > columns > {name}"
                    raise no_such(how["vocabulary"], known, "a vocabulary", shown, place)


def _check_analyses(study: dict, variables: list, milestones: list, shown: str) -> None:
    """Endpoints, strata, milestones and columns that the further analyses name."""
    for code in study["analysis"]["event_rates"]:
        if not study["endpoints"].get(code, {}).get("competing"):
            known = [c for c, e in study["endpoints"].items() if e["competing"]]
            kind = "an endpoint with competing events"
            raise no_such(code, known, kind, shown, "analysis > event_rates")
    own = [column["name"] for column in study["columns"] if column["type"] != "string"]
    for key in ("strata", "rmst_months", "time_dependent"):
        place = f"analysis > {key}"
        for code, wish in study["analysis"][key].items():
            if code not in study["endpoints"] or study["endpoints"][code]["competing"]:
                known = [c for c, e in study["endpoints"].items() if not e["competing"]]
                raise no_such(code, known, "an endpoint without competing events", shown, place)
            for name in wish if key == "strata" else ():
                if name not in variables:
                    raise no_such(name, variables, "a variable", shown, place)
            for name in wish.values() if key == "time_dependent" else ():
                if name not in [*milestones, *own]:
                    raise no_such(name, [*milestones, *own], "a milestone", shown, place)
