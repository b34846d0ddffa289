"""The files of definitions beside the study file, judged before any of them is used."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from venaza.contracts.coded_values import VOCABULARY
from venaza.contracts.errors import Key, StudyError
from venaza.study.documents import read_yaml, validate
from venaza.study.endpoints import ENGINE_MILESTONES, check_named
from venaza.study.names import check_known, no_such, slip_of

STUDY_SCHEMA = "workflow/schemas/study.schema.yaml"
_SCHEMA = "workflow/schemas/definitions.schema.yaml"
#: The checklists of reporting, in the order in which they are filled in.
CHECKLISTS = ("strobe", "record")
#: What a condition of response criteria may speak of.
_OF_A_DAY = (
    "MBLAST", "PBLAST", "PBLAST_TWICE", "ANC", "PLT", "EMD", "RSMETH", "DEAUV", "BASELINE_FALL",
    "TRANSFUSED",
)  # fmt: skip
#: Vocabularies that are lists of words, not codes with words.
_LISTS = (
    "missing", "no_result", "death_as_response", "summary_rows", "header_rows", "mrd_cells",
    "lab_beside", "lab_unused", "therapy_beside", "same_regimen",
)  # fmt: skip
#: Vocabularies that a study's own columns name, or that other columns are read by.
_OTHER = ("lineage", "immunophenotype", "ph_status", "grade", "drug", "regimen", "therapy_class")


def read_definition(root: Path, path: str, kind: str) -> dict:
    """A file of definitions; ``StudyError`` where it breaks the part ``kind`` of the schema."""
    found = read_yaml(root / path, path)
    _judged(root, path, kind, (root / path).stat().st_mtime_ns)
    return found


@lru_cache(maxsize=64)
def _judged(root: Path, path: str, kind: str, _when: int) -> None:
    schema = read_yaml(root / _SCHEMA, _SCHEMA)
    part = {"$ref": f"#/$defs/{kind}", "$defs": schema["$defs"]}
    document = read_yaml(root / path, path)
    validate({str(key): value for key, value in document.items()}, part, path)


def endpoint_library(root: Path) -> dict:
    """config/endpoints.yaml, judged by the schema of study files, of whose parts it is made."""
    path = "config/endpoints.yaml"
    library = read_yaml(root / path, path)
    _judged_library(root, path, (root / path).stat().st_mtime_ns)
    return library


@lru_cache(maxsize=8)
def _judged_library(root: Path, path: str, _when: int) -> None:
    library, study = read_yaml(root / path, path), read_yaml(root / STUDY_SCHEMA, STUDY_SCHEMA)
    definition = next(o for o in study["$defs"]["endpoint"]["oneOf"] if o["type"] == "object")
    properties = {key: study["properties"][key] for key in ("milestones", "failure", "on_one_day")}
    families = {"type": "object", "additionalProperties": definition}
    properties["definitions"] = {"type": "object", "additionalProperties": families}
    whole = {"type": "object", "additionalProperties": False, "required": list(properties)}
    validate(library, {**whole, "properties": properties, "$defs": study["$defs"]}, path)
    known = [*library["milestones"], *ENGINE_MILESTONES]
    for family, variants in library["definitions"].items():
        for name, spec in variants.items():
            check_named(spec, known, path, f"definitions > {family} > {name}")


def vocabulary(root: Path) -> dict:
    """config/vocabulary.yaml: lists of words, and codes with their words."""
    path = "config/vocabulary.yaml"
    words = read_yaml(root / path, path)
    known = [*_LISTS, *_OTHER, "asked", "lab_test", *VOCABULARY.values()]
    for name in words:
        if slip_of(name, known):
            raise no_such(name, known, "a vocabulary", path, name)
    check_known(dict.fromkeys(known), words, "in this file, and it is used", path, "")
    for name, entry in words.items():
        if name == "asked":
            _check_asked(entry, words, path)
        else:
            lists = {"": entry} if name in _LISTS or isinstance(entry, list) else entry
            for code, listed in _mapping(lists, path, name).items():
                _check_texts(listed, path, f"{name} > {code}" if code else name)
    return words


def _check_asked(asked: object, words: dict, path: str) -> None:
    """Words that may mean several codes: of a known vocabulary, each code is one of its."""
    for name, doubtful in _mapping(asked, path, "asked").items():
        check_known([name], [*words, "adverse_event"], "a vocabulary", path, "asked")
        for word, codes in _mapping(doubtful, path, f"asked > {name}").items():
            place = f"asked > {name} > {word}"
            _check_texts(codes, path, place)
            for code in codes:  # one of its own may say what the word is besides: no transplant
                if slip_of(code, words.get(name, ())):
                    raise no_such(code, words[name], f"a code of {name}", path, place)


def ctcae(root: Path) -> dict:
    """config/ctcae.yaml: each term with its class and its words."""
    path = "config/ctcae.yaml"
    found = read_yaml(root / path, path)
    for key in found:
        check_known([key], ("version", "terms"), "a key of this file", path, key)
    check_known(("version", "terms"), found, "in this file, and it is needed", path, "")
    for term, spec in _mapping(found["terms"], path, "terms").items():
        place = f"terms > {term}"
        check_known(_mapping(spec, path, place), ("class", "words"), "a key of a term", path, place)
        check_known(("class", "words"), spec, "in this term, and it is needed", path, place)
        _check_texts(spec["words"], path, f"{place} > words")
    _check_classes(found["terms"], path)
    return found


def _check_classes(terms: dict, path: str) -> None:
    """A class that is another one misspelt would be a heading of its own in the table."""
    often = Counter(spec["class"] for spec in terms.values())
    for term, spec in terms.items():
        others = [name for name, n in often.items() if n > often[spec["class"]]]
        if slip_of(spec["class"], others):
            place = f"terms > {term} > class"
            raise no_such(spec["class"], others, "a class of terms", path, place)


def _mapping(value: object, path: str, place: str) -> dict:
    if not isinstance(value, dict):
        raise _not(value, "a mapping (key: value)", path, place)
    return value


def _check_texts(value: object, path: str, place: str) -> None:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise _not(value, "a list of words", path, place)


def _not(value: object, belongs: str, path: str, place: str) -> StudyError:
    return StudyError(
        f"Here {belongs} belongs.",
        fix="Put words that look like numbers into quotes; see the lines beside it.",
        at=Key(path, place, str(value) if isinstance(value, (str, int, float)) else None),
    )


def check_criteria(criteria: dict, words: dict, path: str) -> None:
    """Raise ``StudyError`` for a response or a value that response criteria name and none is."""
    responses = words["response"]
    for word, meant in criteria.get("counts_as", {}).items():
        check_known([word, meant], responses, "a code of RSINV", path, "counts_as")
    for number, category in enumerate(criteria["categories"], start=1):
        place = f"categories > {number}"
        at = f"{place} > response"
        check_known([category["response"]], responses, "a code of RSINV", path, at)
        for key in ("all", "any"):
            for condition in category.get(key, ()):
                _check_condition(condition, words, path, f"{place} > {key}")


def _check_condition(condition: str, words: dict, path: str, place: str) -> None:
    name, _, value = condition.split(" ")
    check_known([name], _OF_A_DAY, "a value of an assessment", path, place)
    codes = {"RSMETH": words["assessment_method"]} | dict.fromkeys(
        ("EMD", "TRANSFUSED", "PBLAST_TWICE"), words["yes_no"]
    )
    if name in codes:
        check_known([value], codes[name], f"a code of {name}", path, place)
    elif not re.fullmatch(r"\d+(\.\d+)?", value):
        raise _not(condition, "a number after the sign", path, place)


def check_scheme(scheme: dict, lesions: Iterable[str], study: dict, path: str) -> None:
    """Raise ``StudyError`` for a group, a gene, a lesion or a column that a risk table makes up."""
    genes = study["vocabulary"]["gene"]
    known = [*lesions, "complex karyotype", "monosomal karyotype", *genes]
    check_known(scheme.get("genes", ()), genes, "a gene of the vocabulary", path, "genes")
    parts = [(f"rules > {n}", rule) for n, rule in enumerate(scheme["rules"], start=1)]
    parts += [
        (f"excluded > {n} > when", one["when"])
        for n, one in enumerate(scheme.get("excluded", ()), start=1)
    ]
    for place, rule in parts:
        if "group" in rule:
            kind = "one of the groups above"
            check_known([rule["group"]], scheme["groups"], kind, path, f"{place} > group")
        for key in ("any", "all", "none"):
            plain = [c for c in rule.get(key, ()) if " = " not in c]
            kind = "a gene or a lesion"
            check_known(plain, known, kind, path, f"{place} > {key}")
            columns = [c.split(" = ")[0] for c in rule.get(key, ()) if " = " in c]
            kind = "a coded column of the patients"
            check_known(columns, VOCABULARY, kind, path, f"{place} > {key}")


def check_karyotype(karyotype: dict, path: str) -> None:
    """Raise ``StudyError`` for a lesion that is named and not described."""
    lesions = karyotype["lesions"]
    for key in ("class_defining", "core_binding_factor"):
        check_known(karyotype[key], lesions, "a lesion", path, key)
    for name, several in lesions.items():
        other = [one["unless"] for one in several if "unless" in one]
        check_known(other, lesions, "a lesion", path, f"lesions > {name}")


def check_tests(lab_grades: dict, tls: dict, study: dict) -> None:
    """Raise ``StudyError`` for a test, a unit or a term that grades and TLS name and none is."""
    tests, terms = study["vocabulary"]["lab_test"], study["ctcae"]["terms"]
    path = "config/lab_grades.yaml"
    check_known(lab_grades["normal"], lab_grades["tests"], "a test of this file", path, "normal")
    for name, spec in lab_grades["tests"].items():
        place = f"tests > {name}"
        check_known([name], tests, "a laboratory test", path, "tests")
        check_known([spec["term"]], terms, "a term of config/ctcae.yaml", path, f"{place} > term")
        standard = [study["units"][name]["standard"]]
        check_known([spec["unit"]], standard, f"the unit of {name}", path, f"{place} > unit")
        for key in ("below", "above_uln", "above_baseline"):
            words = [v for v in spec.get(key, {}).values() if isinstance(v, str)]
            kind = "a number, nor the lower limit of normal"
            check_known(words, ("LLN",), kind, path, f"{place} > {key}")
    path = "config/tls.yaml"
    for key in ("events", "recorded"):
        check_known(tls[key], terms, "a term of config/ctcae.yaml", path, key)
    for name, spec in tls["tests"].items():
        check_known([name], tests, "a laboratory test", path, "tests")
        standard = [study["units"][name]["standard"]]
        check_known([spec["unit"]], standard, f"the unit of {name}", path, f"tests > {name} > unit")
    for name, spec in tls["definitions"].items():
        place = f"definitions > {name} > limits"
        check_known(spec["limits"], tls["tests"], "a test of this file", path, place)
