"""SPSS syntax that repeats the run's log-rank tests and Cox models, with the numbers to expect.

Commands and subcommands are those of IBM's Command Syntax Reference: KM (STATUS, STRATA, PRINT,
TEST, COMPARE) and COXREG (STATUS, CATEGORICAL, CONTRAST, METHOD, PRINT, CRITERIA). CONTRAST's
INDICATOR takes the place of the reference among the categories that occur, not its value.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from venaza.contracts.truth import is_true
from venaza.contracts.wording import capital

_WIDTH = 96
_REFERENCE = "; reference "
_FIRTH = "Firth"
LATE = "patients come under observation after time zero, and COXREG and KM know no late entry"
PENALISED = "the estimate is Firth's (few or separated events), and COXREG has no such penalty"
SEVERAL = "KM takes one stratum variable, and this test has several"
UNEVEN = "KM pools over strata only where each stratum has every group"

#: Other analyses of the ARD -> why SPSS is not asked to repeat them.
NOT_REPEATED = {
    "cumulative_incidence": "KM and COXREG know no competing risks",
    "gray": "KM and COXREG know no competing risks",
    "simon_makuch": "KM knows no group that changes with time",
    "mantel_byar": "KM knows no group that changes with time",
    "time_dependent_cox": "it needs a TIME PROGRAM for each patient's dates; not written here",
    "landmark": "it selects patients by what happened before the landmark; not written here",
    "rmst": "there is no command for restricted mean survival",
    "proportional_hazards": "there is no score test of proportional hazards (cox.zph)",
    "reverse_kaplan_meier": "KM with STATUS=CNSR(1) gives the median; its limits differ",
    "influence": "each is a fit with one patient left out",
    "subgroup": "they are models within subgroups and with interactions; not written here",
    "salvage": "they compare by kind of therapy after failure; not written here",
}


@dataclass(frozen=True)
class Facts:
    """What the syntax is written from: rows as in adtte.sav with texts, the ARD, SPSS's numbers."""

    rows: pd.DataFrame
    ard: pd.DataFrame
    numbers: Mapping[str, Mapping[str, int]]
    study: dict


def syntax(facts: Facts, file: str = "adtte.sav") -> str:
    """The syntax file: UTF-8 with a byte order mark, which tells SPSS the encoding."""
    blocks = [_opening(facts, file), *_log_rank(facts), *_stratified(facts)]
    blocks += [*_univariable(facts), *_multivariable(facts), _left_out(facts)]
    return "\ufeff" + "\n".join(line for block in blocks for line in [*block, ""])


def _comment(*sentences: str) -> list[str]:
    """Comment commands of one line each; none ends in a full stop of its own."""
    lines = []
    for sentence in sentences:
        parts = textwrap.wrap(sentence, _WIDTH, break_on_hyphens=False) or [""]
        lines += [f"* {part.rstrip('. ')} ." for part in parts]
    return lines


def _echo(*sentences: str) -> list[str]:
    """ECHO commands, which stand in SPSS's output beside what it found itself."""
    parts = [p for text in sentences for p in textwrap.wrap(text, _WIDTH, break_on_hyphens=False)]
    return ['ECHO "{}".'.format(part.replace('"', '""')) for part in parts]


def _title(text: str) -> str:
    return 'TITLE "{}".'.format(text.replace('"', "'")[:60])


def _opening(facts: Facts, file: str) -> list[str]:
    study = facts.study
    return [
        "* Encoding: UTF-8.",
        *_comment(
            f"Log-rank tests and Cox models of the study {study['id']}, export {study['export']}",
            "Run it from its own folder: INSERT FILE='survival.sps' SYNTAX=INTERACTIVE CD=YES",
            "ECHO prints before each table the numbers of the run (ARD) to compare it with",
            "Log-rank tests, counts and medians should agree, but for a median where the curve "
            "runs level at one half: the run gives the middle of that step, as R does. Limits of "
            "medians are log-log in the run and normal in SPSS",
            "Hazard ratios are given twice: COXREG breaks ties by Breslow's method, the run by "
            "Efron's, which is closer where many events fall on one day",
        ),
        f'GET FILE="{file}".',
        "DATASET NAME survival.",
    ]


def _select(conditions: Iterable[str]) -> list[str]:
    return ["TEMPORARY.", f"SELECT IF ({' AND '.join(conditions)})."]


def _of(endpoint: str, facts: Facts, variables: Iterable[str] = ()) -> pd.DataFrame:
    """The endpoint's patients with a time and with every one of ``variables``."""
    rows = facts.rows[facts.rows["PARAMCD"] == endpoint]
    return rows[rows[["AVAL", *variables]].notna().all(axis=1)]


def _is_late(rows: pd.DataFrame) -> bool:
    return bool(is_true(rows["ENTRYDY"] > rows["STARTDY"].fillna(0)).any())


def _values(facts: Facts, prefix: str) -> dict[str, dict]:
    """The rows of the ARD whose id is ``prefix`` and one part more, by that part."""
    ids = facts.ard["ard_id"]
    rows = facts.ard[ids.str.startswith(f"{prefix}.")]
    return {
        row["ard_id"][len(prefix) + 1 :]: row
        for row in rows.to_dict("records")
        if "." not in row["ard_id"][len(prefix) + 1 :]
    }


def _is_known(row: dict) -> bool:
    return not pd.isna(row["value"])


def _number(row: dict, digits: int = 4) -> str:
    value = row["value"]
    if not _is_known(row):
        return f"{row['display']} ({row['reason']})"
    return f"{value:.{digits}f}".rstrip("0").rstrip(".") if abs(value) >= 1e-4 else f"{value:.2g}"


def _skipped(name: str, reason: str) -> list[str]:
    return _echo(f"Not repeated: {name}. {capital(reason)}.")


def _endpoints(facts: Facts, analysis: str) -> list[str]:
    rows = facts.ard[facts.ard["analysis"] == analysis]
    return list(dict.fromkeys(rows["endpoint"].dropna()))


def _grouped(endpoint: str, facts: Facts) -> tuple[pd.DataFrame, list[str]]:
    """The endpoint's patients in the study's groups, and what selects them."""
    numbers = [facts.numbers["GROUP"][str(g)] for g in facts.study["groups"]["levels"]]
    rows = _of(endpoint, facts, ["GROUP"])
    rows = rows[rows["GROUP"].isin([str(g) for g in facts.study["groups"]["levels"]])]
    return rows, [f'PARAMCD = "{endpoint}"', f"ANY(GROUP, {', '.join(map(str, numbers))})"]


def _log_rank(facts: Facts) -> Iterator[list[str]]:
    for endpoint in _endpoints(facts, "logrank"):
        name, found = f"logrank.{endpoint}", _values(facts, f"logrank.{endpoint}")
        rows, chosen = _grouped(endpoint, facts)
        if _is_late(rows):
            yield _skipped(name, LATE)
            continue
        lines = [_title(f"{endpoint}: log-rank test")]
        lines += _expected_groups(endpoint, facts) + _expected_test(name, found)
        lines += [*_select(chosen), "CROSSTABS /TABLES=GROUP BY CNSR /CELLS=COUNT."]
        yield [*lines, *_select(chosen), *_km("")]


def _km(strata: str) -> list[str]:
    return [
        "KM AVAL BY GROUP",
        "  /STATUS=CNSR(0)",
        *([f"  /STRATA={strata}"] if strata else []),
        "  /PRINT=MEAN",
        "  /TEST=LOGRANK",
        "  /COMPARE=OVERALL POOLED.",
    ]


def _expected_groups(endpoint: str, facts: Facts) -> list[str]:
    ids = facts.ard[facts.ard["ard_id"].str.startswith(f"km.{endpoint}.")]
    lines = []
    for group in facts.study["groups"]["levels"]:
        own = ids[(ids["group"] == str(group)) & (ids["endpoint"] == endpoint)]
        stats = {row["statistic"]: row for row in own[own["time"].isna()].to_dict("records")}
        wanted = [(k, stats[k]) for k in ("n", "events", "median_days") if k in stats]
        said = ", ".join(f"{k.replace('_', ' ')} {_number(row, 2)}" for k, row in wanted)
        if said:
            lines += _echo(f"ARD km.{endpoint}, {group}: {said}")
    return lines


def _expected_test(name: str, found: dict[str, dict]) -> list[str]:
    parts = [f"{k.replace('_', '-')} {_number(found[k])}" for k in ("chi_square", "df", "p_value")]
    return _echo(f"ARD {name}: {', '.join(parts)}")


def _stratified(facts: Facts) -> Iterator[list[str]]:
    for endpoint in _endpoints(facts, "logrank_stratified"):
        name = f"logrank_stratified.{endpoint}"
        found = _values(facts, name)
        strata = facts.study["analysis"]["strata"][endpoint]
        rows, chosen = _grouped(endpoint, facts)
        rows = rows[rows[strata].notna().all(axis=1)]
        reason = _not_stratified(rows, strata)
        if reason:
            yield [*_skipped(name, reason), *_expected_test(name, found)]
            continue
        yield [
            _title(f"{endpoint}: stratified log-rank test"),
            *_echo(f"ARD {name}: n {_number(found['n'])}"),
            *_expected_test(name, found),
            *_select([*chosen, f"NOT MISSING({strata[0]})"]),
            *_km(strata[0]),
        ]


def _not_stratified(rows: pd.DataFrame, strata: list[str]) -> str | None:
    if len(strata) > 1:
        return SEVERAL
    if _is_late(rows):
        return LATE
    groups = rows.groupby(strata[0])["GROUP"].nunique()
    return UNEVEN if (groups < rows["GROUP"].nunique()).any() else None


def _univariable(facts: Facts) -> Iterator[list[str]]:
    rows = facts.ard[(facts.ard["analysis"] == "cox") & (facts.ard["statistic"] == "n")]
    for row in rows.to_dict("records"):
        name = row["ard_id"].removesuffix(".n")
        yield _model(name, row["endpoint"], [row["term"]], {row["term"]: name}, facts)


def _multivariable(facts: Facts) -> Iterator[list[str]]:
    for endpoint in _endpoints(facts, "cox_multivariable"):
        asked = facts.study["analysis"]["multivariable"][endpoint]
        places = {v: f"coxm.{endpoint}.{v}" for v in asked}
        yield _model(f"coxm.{endpoint}", endpoint, asked, places, facts)


def _model(
    name: str, endpoint: str, variables: list[str], places: dict[str, str], facts: Facts
) -> list[str]:
    """One COXREG command with what to expect, or the reason for none."""
    rows = _of(endpoint, facts, variables)
    expected = {v: _ratios(place, facts) for v, place in places.items()}
    ratios = [part for parts in expected.values() for part in parts.values()]
    known = [part for part in ratios if _is_known(part["hazard_ratio"])]
    if _is_late(rows):
        return _skipped(name, LATE)
    if not known:
        reasons = {str(part["hazard_ratio"]["reason"]) for part in ratios}
        return _skipped(name, "; ".join(sorted(reasons)) or "the run has no estimate")
    if any(_FIRTH in part["hazard_ratio"]["method"] for part in known):
        return _skipped(name, PENALISED)
    coded = [v for v in variables if v in facts.numbers]
    lines = [_title(f"{endpoint}: Cox, {', '.join(variables)}")]
    lines += _echo(f"ARD {name}: n {len(rows)}, events {int((rows['CNSR'] == 0).sum())}")
    spss = _in_spss(rows, expected, facts)
    for parts in expected.values():
        for place, part in parts.items():
            lines += _expected_ratio(place, part, spss.get(place))
    lines += [*_select([f'PARAMCD = "{endpoint}"']), "COXREG AVAL", "  /STATUS=CNSR(0)"]
    if coded:
        lines.append(f"  /CATEGORICAL={' '.join(coded)}")
    for variable in coded:
        place = _place(variable, rows, expected[variable], facts)
        lines.append(f"  /CONTRAST ({variable})=INDICATOR({place})")
    lines.append(f"  /METHOD=ENTER {' '.join(variables)}")
    percent = f"{100 * facts.study['analysis']['confidence']:g}"
    return [*lines, f"  /PRINT=CI({percent})", "  /CRITERIA=ITERATE(50)."]


def _ratios(place: str, facts: Facts) -> dict[str, dict[str, dict]]:
    """The estimates of one variable, at ``place`` or ``place.level``: statistic -> row."""
    ids = facts.ard["ard_id"]
    found: dict[str, dict[str, dict]] = {}
    for row in facts.ard[ids.str.startswith(f"{place}.")].to_dict("records"):
        if row["statistic"] in ("hazard_ratio", "lower", "upper", "p_value"):
            own = row["ard_id"].rpartition(".")[0]
            found.setdefault(own, {})[row["statistic"]] = row
    return found


def _is_in_the_model(ratio: dict) -> bool:
    """Whether a level was fitted: also where the floor on patients keeps its estimate back."""
    return _is_known(ratio) or str(ratio["reason"]).startswith("too few to compare")


def _in_spss(rows: pd.DataFrame, expected: dict, facts: Facts) -> dict[str, str]:
    """What COXREG should print for each place: the same model with Breslow's ties."""
    from scipy.special import ndtr, ndtri

    from venaza.pipeline.bridges.breslow import breslow

    columns = {}
    for variable, parts in expected.items():
        for place, part in parts.items():
            if _is_in_the_model(part["hazard_ratio"]):
                values, term = rows[variable], part["hazard_ratio"]["term"]
                column = values.astype("string") == term if variable in facts.numbers else values
                columns[place] = column.astype(float).to_numpy(float)
    time, event = rows["AVAL"].to_numpy(float), (rows["CNSR"] == 0).to_numpy(bool)
    fitted = breslow(time, event, np.column_stack(list(columns.values())))
    if fitted is None:
        return {}
    reach = float(ndtri(0.5 + facts.study["analysis"]["confidence"] / 2))
    return {
        place: f"{np.exp(b):.3f}, {np.exp(b - reach * e):.3f} to {np.exp(b + reach * e):.3f}, "
        f"Sig {2 * ndtr(-abs(b / e)):.3f}"
        for place, b, e in zip(columns, *fitted, strict=True)
    }


def _expected_ratio(place: str, part: dict[str, dict], spss: str | None) -> list[str]:
    ratio = part["hazard_ratio"]
    if not _is_known(ratio):
        return _echo(f"ARD {place}: no estimate ({ratio['reason']})")
    against = ratio["method"].partition(_REFERENCE)[2]
    versus = f" ({ratio['term']} vs {against})" if against else ""
    return _echo(
        f"ARD {place}{versus}: {_number(ratio)}, {_number(part['lower'])} to "
        f"{_number(part['upper'])}, p {_number(part['p_value'])} (Efron's ties)",
        *([f"   expect of SPSS: Exp(B) {spss} (Breslow's ties)"] if spss else []),
    )


def _place(variable: str, rows: pd.DataFrame, expected: dict, facts: Facts) -> int:
    """Where the reference stands among the categories that occur."""
    numbers = facts.numbers[variable]
    method = next(iter(expected.values()))["hazard_ratio"]["method"]
    reference = numbers[method.partition(_REFERENCE)[2]]
    occur = sorted({numbers[str(value)] for value in rows[variable]})
    return occur.index(reference) + 1


def _left_out(facts: Facts) -> list[str]:
    there = set(facts.ard["analysis"])
    lines = [
        f"{analysis.replace('_', ' ')}: {reason}"
        for analysis, reason in NOT_REPEATED.items()
        if analysis in there
    ]
    return _echo("Not repeated of the run:", *lines) if lines else []
