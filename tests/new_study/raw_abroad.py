"""Raw layouts in other languages than English: one row for each patient."""

from __future__ import annotations

from tests.new_study.raw_files import Layout, book, day, german, relapse, rows_of, slashed, texts


def _abroad(
    name: str, what: str, heads: list[str], words: dict[str, str], made, shown=german
) -> Layout:
    """A row for each patient under headers and words of another language."""
    sex, state, status = (
        lambda p: words[p.sex],
        lambda p: words[p.state],
        lambda p: (
            words["dead"] if p.dead else words["lost"] if "lost" in p.status else words["alive"]
        ),
    )
    cells = [
        *(lambda p: p.id, sex, lambda p: p.age, state, lambda p: shown(p.on(-7))),
        *(day("start_day", shown), day("remission", shown), relapse(1, shown)),
        *(day("transplant", shown), day("last", shown), status),
    ]
    columns = dict(zip(heads, cells, strict=True))
    return Layout(name, what, made(rows_of(columns)))


def chinese() -> Layout:
    """A Chinese workbook with a title above, dates in three styles."""
    heads = ["研究编号", "性别", "年龄（岁）", "疾病状态", "确诊日期", "开始治疗日期", "达CR日期",
             "复发日期", "移植日期", "末次随访/死亡日期", "生存状态"]  # fmt: skip
    words = {"M": "男", "F": "女", "ND": "初治", "RR": "复发/难治", "dead": "病故", "alive": "健在",
             "lost": "失访"}  # fmt: skip
    styles = ("{:%Y-%m-%d}", "{0.year}年{0.month}月{0.day}日", "{0.year}.{0.month}.{0.day}")
    return _abroad(
        "chinese",
        "Chinese headers and words, a title above them",
        heads,
        words,
        lambda rows: book("随访.xlsx", 随访=[["AML随访表"], *rows]),
        lambda on: styles[on.day % 3].format(on),
    )


def german_sheet() -> Layout:
    """A German text file with semicolons, days first, decimal commas elsewhere."""
    heads = ["Patientennummer", "Geschlecht", "Alter", "Krankheitsstatus", "Datum Erstdiagnose",
             "Therapiebeginn", "Datum der CR", "Rezidivdatum", "Transplantationsdatum",
             "Letzter Kontakt / Tod", "Vitalstatus"]  # fmt: skip
    words = {"M": "männlich", "F": "weiblich", "ND": "Erstdiagnose", "RR": "rezidiviert/refraktär",
             "dead": "verstorben", "alive": "lebt", "lost": "nicht erreichbar"}  # fmt: skip
    made = lambda rows: texts(";", "cp1252", Patienten=rows)  # noqa: E731
    return _abroad("german", "German headers and words, days first", heads, words, made)


def french_sheet() -> Layout:
    """A French workbook."""
    heads = ["N° patient", "Sexe", "Âge", "Statut de la maladie", "Date du diagnostic",
             "Date de début du traitement", "Date de RC", "Date de la rechute", "Date de greffe",
             "Date du décès ou des dernières nouvelles", "Statut vital"]  # fmt: skip
    words = {"M": "masculin", "F": "féminin", "ND": "nouveau diagnostic", "RR": "rechute",
             "dead": "décédé", "alive": "vivant", "lost": "perdu de vue"}  # fmt: skip
    return _abroad(
        "french", "French headers and words", heads, words,
        lambda rows: book("cohorte.xlsx", Patients=rows), lambda on: on,
    )  # fmt: skip


def spanish_sheet() -> Layout:
    """A Spanish workbook."""
    heads = ["Nº paciente", "Sexo", "Edad", "Estado de la enfermedad", "Fecha de diagnóstico",
             "Fecha de inicio del tratamiento", "Fecha de RC", "Fecha de recaída",
             "Fecha de trasplante", "Fecha de muerte o último contacto",
             "Estado vital"]  # fmt: skip
    words = {"M": "varón", "F": "mujer", "ND": "nuevo diagnóstico", "RR": "recaída",
             "dead": "éxitus", "alive": "vivo", "lost": "perdido de vista"}  # fmt: skip
    return _abroad(
        "spanish", "Spanish headers and words", heads, words,
        lambda rows: book("cohorte.xlsx", Pacientes=rows), slashed,
    )  # fmt: skip


def italian_sheet() -> Layout:
    """An Italian text file with semicolons."""
    heads = ["Codice paziente", "Sesso", "Età", "Stato di malattia", "Data di diagnosi",
             "Data di inizio terapia", "Data della RC", "Data di recidiva", "Data del trapianto",
             "Data del decesso o ultimo contatto", "Stato vitale"]  # fmt: skip
    words = {"M": "maschio", "F": "femmina", "ND": "nuova diagnosi", "RR": "recidivato",
             "dead": "deceduto", "alive": "vivo", "lost": "perso al follow-up"}  # fmt: skip
    made = lambda rows: texts(";", "utf-8-sig", Pazienti=rows)  # noqa: E731
    return _abroad("italian", "Italian headers and words", heads, words, made, slashed)
