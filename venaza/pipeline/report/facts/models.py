"""Facts on regression models: which were estimated, whom a hazard ratio compares, and how."""

from __future__ import annotations

from venaza.pipeline.report.context import Context
from venaza.pipeline.report.facts import both, no, uses
from venaza.pipeline.report.grammar import Group, small
from venaza.pipeline.report.numbers import config_text
from venaza.pipeline.report.sentences import bind
from venaza.pipeline.report.text import in_text
from venaza.study.labels import variable

#: Below this a test is named as evidence; it chooses words only.
NOTABLE = 0.05


@in_text
def sides(context: Context, ard_id: str) -> tuple[str, str]:
    """The levels that a hazard ratio compares, by the groups' labels: level, reference."""
    levels = context.study["groups"]["levels"] if context.study.get("groups") else ()
    labels = {str(key): g.label for key, g in zip(levels, context.groups, strict=False)}
    level = context.numbers.field(ard_id, "term")
    reference = context.numbers.field(ard_id, "method").rpartition("reference ")[2]
    return labels.get(level, level), labels.get(reference, reference)


@in_text
def penalised(context: Context, *prefixes: str) -> bool:
    """Whether a number whose id starts with one of these is Firth's estimate."""
    own = (row for row in context.numbers.rows() if row["ard_id"].startswith(prefixes))
    return any("Firth" in str(row["method"]) for row in own)


@in_text
def without_event(context: Context, ard_id: str) -> list[Group]:
    """The groups with patients and no event in the endpoint of a hazard ratio."""
    value, code = context.numbers.value, ard_id.split(".")[1]
    stems = {group: f"km.{code}.{group.slug}" for group in context.groups}
    return [g for g, s in stems.items() if value(f"{s}.n") and value(f"{s}.events") == 0]


@in_text
def endpoints(context: Context, *keys: str) -> list[str]:
    """The endpoints with models of these keys of the analysis, each once."""
    return list(dict.fromkeys(c for key in keys for c in context.study["analysis"].get(key) or {}))


@in_text
def called(context: Context, name: str) -> str:
    """What a variable is called within a sentence."""
    return config_text(small(variable(name, context.study)[0]), "analysis.multivariable")


def _known(context: Context, pattern: str) -> list[str]:
    """The ids of a pattern whose numbers are known."""
    found = context.numbers.matching(pattern)
    return [ard_id for _, ard_id in found if context.numbers.value(ard_id) is not None]


@in_text
def between_groups(context: Context, kind: str, code: str) -> list[str]:
    """The ids of the hazard ratios between groups that a kind of model gave for an endpoint."""
    return _known(context, rf"{kind}\.{code}\.GROUP\.[^.]+\.hazard_ratio")


def _multivariable(context: Context, code: str) -> bool:
    return f"coxm.{code}.n" in context.numbers


def _adjusted(context: Context, code: str) -> list[str]:
    return between_groups(context, "coxm", code)


def _ratios(context: Context, code: str) -> list[str]:
    return _known(context, rf"coxm\.{code}\..+\.hazard_ratio")


def _zph(context: Context) -> list[str]:
    """The tests of proportional hazards in the models of the table, where they could be made.

    Models of other definitions of an endpoint are in no table, and their tests are not told.
    """
    return _known(context, r"zphm?\.[^.]+\.[^.]+\.p_value")


@in_text
def not_proportional(context: Context) -> list[str]:
    """The tests that speak against proportional hazards."""
    return [ard_id for ard_id in _zph(context) if context.numbers.value(ard_id) < NOTABLE]


@in_text
def tested(context: Context, ard_id: str) -> tuple[str, str, str]:
    """A test's kind of model, endpoint and covariate, as a sentence calls it; ``GLOBAL`` of all."""
    kind, code, covariate = ard_id.split(".")[:3]
    if covariate == "GLOBAL":
        return kind, code, covariate
    models = [context.study["analysis"].get(key, {}) for key in ("cox", "multivariable")]
    names = {n.replace("-", "_"): n for named in models for n in named.get(code, [])}
    return kind, code, called(context, names.get(covariate, covariate))


@in_text
def interactions(context: Context, code: str) -> list[str]:
    """The tests of interaction that could be made; each one's term is the variable."""
    return _known(context, rf"subgroup\.{code}\.[^.]+\.interaction\.p_value")


@in_text
def influenced(context: Context) -> list[Group]:
    """The groups whose median of the primary endpoint was computed without each patient."""
    numbers, code = context.numbers, context.study["analysis"]["primary"]
    ids = {g: f"influence.{code}.{g.slug}.median.min" for g in context.with_patients(code)}
    return [group for group, ard_id in ids.items() if numbers.value(ard_id) is not None]


@in_text
def influenced_ratios(context: Context) -> dict[str, str]:
    """The stems of the hazard ratios computed so, by what each level is called."""
    code = context.study["analysis"]["primary"]
    found = _known(context, rf"influence\.{code}\.GROUP\.[^.]+\.hazard_ratio\.min")
    labels = {group.slug: group.label for group in context.groups}
    slugs = {ard_id.split(".")[3]: ard_id.removesuffix(".min") for ard_id in found}
    return {labels.get(level, level): stem for level, stem in slugs.items()}


bind(
    {
        "methods.multivariable": uses("coxm."),
        "methods.firth": lambda c: penalised(c, ""),
        "methods.proportional": _zph,
        "methods.subgroups": uses("subgroup."),
        "methods.influence": influenced,
        "models.not_estimated": both(_multivariable, no(_ratios)),
        "models.in_table": both(_multivariable, _ratios, no(_adjusted)),
        "models.adjusted": both(_multivariable, _adjusted),
        "models.proportional": both(_zph, no(not_proportional)),
        "models.not_proportional": not_proportional,
        "models.interaction": interactions,
        "models.influence": influenced,
    }
)
