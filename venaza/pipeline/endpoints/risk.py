"""Genetic risk groups: tables of rules read with three-valued logic; not tested is not negative."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from venaza.pipeline.endpoints.arrays import floats, texts
from venaza.pipeline.endpoints.karyotype import UnreadableError, lesions, read_karyotype
from venaza.study.risk_levels import OUTSIDE, UNKNOWN

#: ADSL column of a scheme's group and of its reason.
COLUMNS = {
    "derived": ("RISKDRV", "RISKDRVRS"),
    "eln2024_less_intensive": ("RISK2024", "RISK24RS"),
    "four_gene": ("SIG4", "SIG4RS"),
}


@dataclass(frozen=True)
class Facts:
    """What is known of a patient: lesions (None = no karyotype), genes, and the patient's row."""

    karyotype: dict[str, bool | None] | None
    genes: dict[str, tuple[str, float | None]]
    patient: dict
    known_lesions: frozenset[str]

    def holds(self, condition: str, scheme: dict) -> bool | None:
        """Whether a condition of a scheme holds; None where it was not tested."""
        if condition in self.known_lesions:
            return None if self.karyotype is None else self.karyotype[condition]
        if " = " in condition:
            column, wanted = condition.split(" = ")
            value = self.patient.get(column)
            return None if value is None else value == wanted
        result, fraction = self.genes.get(condition, ("NOT TESTED", None))
        least = scheme.get("genes", {}).get(condition, {}).get("min_vaf")
        if result != "MUTATED" or least is None:
            return {"MUTATED": True, "WILD-TYPE": False}.get(result)
        return None if fraction is None else fraction >= least

    def name_of(self, condition: str) -> str:
        """What the missing test of a condition is called."""
        if condition in self.known_lesions:
            return "karyotype"
        if " = " in condition:
            return {"PRIORHMA = Y": "prior hypomethylating agent"}.get(condition, condition)
        result, _ = self.genes.get(condition, ("NOT TESTED", None))
        return f"{condition} variant fraction" if result == "MUTATED" else condition


def _rule(rule: dict, facts: Facts, scheme: dict) -> tuple[bool | None, list[str], list[str]]:
    """Whether a rule holds, the conditions that make it so, and those that are not known."""
    sets = {part: {c: facts.holds(c, scheme) for c in rule.get(part, [])} for part in _PARTS}
    unknown = [c for found in sets.values() for c, held in found.items() if held is None]
    because = [c for part in ("any", "all") for c, held in sets[part].items() if held]
    outcomes = [
        None if held is None else held == (part == "all")
        for part in ("all", "none")
        for held in sets[part].values()
    ]
    if rule.get("any"):
        held = list(sets["any"].values())
        outcomes.append(True if True in held else None if None in held else False)
    if False in outcomes:
        return False, [], []
    return (None, [], unknown) if None in outcomes else (True, because, [])


_PARTS = ("any", "all", "none")


def classify(facts: Facts, scheme: dict) -> tuple[str | None, str]:
    """The group of a patient in a scheme, and why; no group where it hangs on what is not known.

    A patient for whom the scheme was not made (``excluded``) is outside it; where that is not known
    nobody is classified, unless the scheme says that it applies. The first rule that holds gives
    the group. A rule that is undecided may hold as well; only
    where each that may hold gives the same group is the patient classified.
    """
    missing: list[str] = []
    groups, reasons, applies = [], [], True
    for excluded in scheme.get("excluded", []):
        held, _, unknown = _rule(excluded["when"], facts, scheme)
        if held:
            return None, f"{OUTSIDE} ({excluded['reason']})"
        if excluded.get("unknown") == "applies":
            continue
        applies = applies and held is False
        missing += unknown
    for rule in scheme["rules"]:
        held, because, unknown = _rule(rule, facts, scheme)
        if held is False:
            continue
        groups.append(rule["group"])
        missing += unknown
        if held:
            reasons = because
            break
    if applies and len(set(groups)) == 1:
        return groups[0], ", ".join(reasons) or "no lesion of another group"
    names = list(dict.fromkeys(facts.name_of(condition) for condition in missing))
    return None, f"{UNKNOWN} (missing: {', '.join(names)})"


def genes_by_patient(
    mutations: pd.DataFrame, panel: dict | None, unknown: set[str] = frozenset()
) -> dict[str, dict]:
    """Each patient's genes: result and the highest variant fraction (%).

    MUTATED wins over WILD-TYPE, which wins over NOT TESTED. ``panel`` (``known_by``,
    ``lists_mutated_only``) names genes of a panel whose laboratory lists them only where mutated:
    where ``known_by`` has a result, one without a row is wild-type, but not in a patient with an
    ``unknown`` symbol, which may be an old name of any of them. CEBPA outside the bZIP region
    cannot be told from one inside it: mutated CEBPA leaves CEBPA-bZIP open, wild-type decides it.
    """
    rank = {"NOT TESTED": 0, "WILD-TYPE": 1, "MUTATED": 2}
    rows = pd.DataFrame(
        {
            "PATIENT": mutations["USUBJID"],
            "GENE": mutations["GENE"],
            "RESULT": mutations["GERES"].fillna("NOT TESTED"),
            "VAF": floats(mutations["VAF"]),
        }
    )
    rows["RANK"] = rows["RESULT"].map(rank).astype(int)
    rows["VAF"] = rows["VAF"].where(rows["RANK"] == rank["MUTATED"])
    rows = rows.sort_values(["RANK", "VAF"], na_position="first", kind="stable")
    rows = rows.drop_duplicates(["PATIENT", "GENE"], keep="last").sort_index()
    fraction = rows["VAF"].astype(object).where(rows["VAF"].notna(), None)
    found: dict[str, dict] = {}
    columns = (rows["PATIENT"], rows["GENE"], rows["RESULT"], fraction)
    for patient, gene, *best in zip(*columns, strict=True):
        found.setdefault(patient, {})[gene] = tuple(best)
    for patient, own in found.items():
        if (
            panel
            and patient not in unknown
            and own.get(panel["known_by"], ("NOT TESTED",))[0] != "NOT TESTED"
        ):
            for gene in panel["lists_mutated_only"]:
                own.setdefault(gene, ("WILD-TYPE", None))
        if own.get("CEBPA", ("",))[0] == "WILD-TYPE":
            own.setdefault("CEBPA-bZIP", ("WILD-TYPE", None))
    return found


def derive_risk(
    adsl: pd.DataFrame, mutations: pd.DataFrame, study: dict, asked: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, list[dict]]:
    """``adsl`` with the derived risk groups and their reasons, and the queries they raise.

    A query is a dictionary with USUBJID, RULE, COLUMN, VALUE and SAID (what fills in the message of
    the check): a karyotype that cannot be read, and a recorded group that contradicts the derived
    one. ``asked`` are the queries of cleaning. ``study["risk"]`` says which scheme is compared with
    which column; without it nothing is derived.
    """
    spec = study.get("risk")
    if not spec:
        return adsl, []
    tables = study["risk_tables"]
    known = frozenset([*tables["karyotype"]["lesions"], *_SHAPES])
    genes = genes_by_patient(mutations, spec.get("panel"), _of_unknown_genes(asked))
    columns: dict[str, list] = {name: [] for pair in COLUMNS.values() for name in pair}
    queries = []
    karyotypes = {text: _karyotype(text, tables["karyotype"]) for text in set(texts(adsl["KARYO"]))}
    for row in _known(adsl, spec, tables):
        karyotype, problem = karyotypes[row["KARYO"]]
        if problem:
            queries.append(_unreadable(row, problem))
        facts = Facts(karyotype, genes.get(row["USUBJID"], {}), row, known)
        for scheme, (group, reason) in COLUMNS.items():
            name = spec["scheme"] if scheme == "derived" else scheme
            level, why = classify(facts, tables["schemes"][name])
            columns[group].append(level)
            columns[reason].append(why)
        queries += _disagreement(
            row, columns["RISKDRV"][-1], columns["RISKDRVRS"][-1], spec, tables
        )
    return adsl.assign(**{k: pd.array(v, dtype="string") for k, v in columns.items()}), queries


def _known(adsl: pd.DataFrame, spec: dict, tables: dict) -> Iterator[dict]:
    """What the schemes ask of each patient's row; None where it is not known."""
    asked = {condition.split(" = ")[0] for condition in _conditions(tables["schemes"])}
    asked |= {"USUBJID", "KARYO", spec.get("compare_with")}
    names = [name for name in adsl if name in asked]
    columns = (texts(adsl[name]) for name in names)
    for values in zip(*columns, strict=True):
        yield dict(zip(names, values, strict=True))


def _conditions(schemes: dict) -> Iterator[str]:
    """The conditions on a patient's row (``PRIORHMA = Y``) of all schemes."""
    for scheme in schemes.values():
        rules = [*scheme["rules"], *(one["when"] for one in scheme.get("excluded", []))]
        asked = (condition for rule in rules for part in _PARTS for condition in rule.get(part, []))
        yield from (condition for condition in asked if " = " in condition)


def _of_unknown_genes(asked: pd.DataFrame | None) -> set[str]:
    """The patients with a symbol that is no known gene: it is a query of cleaning."""
    if asked is None:
        return set()
    about = (asked["TABLE"] == "mutations") & (asked["COLUMN"] == "GENE")
    return set(asked.loc[about & (asked["RULE"] == "unreadable_value"), "USUBJID"].dropna())


_SHAPES = ("complex karyotype", "monosomal karyotype")


def _karyotype(text: str | None, table: dict) -> tuple[dict | None, str]:
    if text is None:
        return None, ""
    try:
        clones = read_karyotype(text, table)
    except UnreadableError as error:
        return None, str(error)
    return (None if clones is None else lesions(clones, table)), ""


def _unreadable(row: dict, problem: str) -> dict:
    return {
        "USUBJID": row["USUBJID"],
        "RULE": "unreadable_karyotype",
        "COLUMN": "KARYO",
        "VALUE": row["KARYO"],
        "SAID": {"problem": problem},
    }


def _disagreement(row: dict, derived: str | None, why: str, spec: dict, tables: dict) -> list[dict]:
    column = spec.get("compare_with")
    stated = row.get(column) if column else None
    if derived is None or stated is None or stated == derived:
        return []
    name = tables["schemes"][spec["scheme"]]["name"]
    return [
        {
            "USUBJID": row["USUBJID"],
            "RULE": "risk_disagrees",
            "COLUMN": column,
            "VALUE": stated,
            "SAID": {"stated": stated, "scheme": name, "derived": derived, "why": why},
        }
    ]
