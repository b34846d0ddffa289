"""An export that came as one zip archive is mapped, and its data dictionary found, all the same."""

import zipfile
from pathlib import Path

import yaml

from tests.preflight.test_mapping import PLAIN, ROOT, project
from venaza.commands.new_study.survey import survey
from venaza.preflight import check_headers, load_study
from venaza.preflight.persons import load_names
from venaza.preflight.redcap import read_redcap
from venaza.study.documents import read_yaml
from venaza.study.synonyms import load_synonyms


def pack(folder: Path) -> None:
    """The files of a folder in one archive, and no longer beside it."""
    files = sorted(folder.glob("*.*"))
    with zipfile.ZipFile(folder / "all.zip", "w") as package:
        for path in files:
            package.write(path, f"inner/{path.name}")
            path.unlink()


def test_a_plain_export_in_an_archive_maps_by_itself(tmp_path):
    root = project(tmp_path, PLAIN)
    open_study = load_study(root, "plain")
    pack(root / "data/raw/plain/2022-01-31")
    study = load_study(root, "plain")
    check_headers(root, study)
    assert study["tables"] == open_study["tables"]
    assert {line["file"] for line in study["mapped"]} == {"export.xlsx"}


def test_the_data_dictionary_is_found_in_an_archive(tmp_path):
    folder = tmp_path / "data/raw/demo/2024-01-01"
    folder.mkdir(parents=True)
    head = "Variable / Field Name,Form Name,Field Type,Field Label,"
    head += '"Choices, Calculations, OR Slider Labels",Identifier?'
    (folder / "dict.csv").write_text(
        f'{head}\nsex,base,radio,Sex,"1, Male | 2, Female",\n', encoding="utf-8"
    )
    pack(folder)
    words = read_yaml(ROOT / "config/vocabulary.yaml", "vocabulary")
    study = {"id": "demo", "redcap": {"dictionary": "dict*.csv"}, "vocabulary": words}
    study["vocabulary"]["missing"] = []
    told = read_redcap(tmp_path, study, "newest", "demo.yaml")
    assert told["dictionary"] == "dict.csv"
    assert told["fields"]["sex"]["choices"] == {"1": "Male", "2": "Female"}


def test_a_new_study_looks_into_an_archive(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    rows = "病案号,性别,首次用药时间\n001,男,2021-01-05\n002,女,2021-02-03\n"
    (folder / "p.csv").write_text(rows, encoding="utf-8")
    pack(folder)
    private = yaml.safe_load((ROOT / "config/privacy.yaml").read_text(encoding="utf-8"))
    for source in (folder, folder / "all.zip"):
        sheets, *_ = survey(source, load_synonyms(ROOT), [], private, load_names(ROOT))
        assert [(sheet.file, len(sheet.columns)) for sheet in sheets] == [("p.csv", 3)]
