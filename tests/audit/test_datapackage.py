"""The data package: valid by the rules of Frictionless Data Package v1, and true of the files."""

import csv
import hashlib
import json
import re
import shutil

import pytest

from venaza.contracts.files import read_table, write_json
from venaza.pipeline.audit.datapackage import build_datapackage
from venaza.pipeline.audit.manifest import build_manifest, run_facts

PROFILES = ("data-package", "tabular-data-package")
TYPES = {
    *("string", "number", "integer", "boolean", "object", "array", "date", "time", "datetime"),
    *("year", "yearmonth", "duration", "geopoint", "geojson", "any"),
}


def faults(package: dict) -> list[str]:
    """What the specification forbids (data-package, data-resource, table-schema, csv-dialect)."""
    found = []

    def must(holds, what):
        if not holds:
            found.append(what)

    must(re.fullmatch(r"[-a-z0-9._/]+", package.get("name", "x")), "package name")
    must(package.get("profile", "data-package") in PROFILES, "package profile")
    must(package.get("resources"), "at least one resource")
    for licence in package.get("licenses", []):
        must({"name", "path"} & set(licence), "a licence has a name or a path")
        must(re.fullmatch(r"[-a-zA-Z0-9._]+", licence.get("name", "x")), "licence name")
    must(package.get("licenses", ["x"]) and package.get("sources", ["x"]), "no empty list")
    for source in package.get("sources", []):
        must(source.get("title"), "a source has a title")
    names = [resource.get("name") for resource in package["resources"]]
    must(len(set(names)) == len(names), "names of resources are unique")
    for resource in package["resources"]:
        name, path = resource.get("name", ""), resource.get("path", "")
        must(re.fullmatch(r"[-a-z0-9._/]+", name), f"resource name {name!r}")
        must(isinstance(path, str) and path, "a resource has a path")
        must(not path.startswith(("/", ".")) and ".." not in path.split("/"), f"path {path!r}")
        must(re.fullmatch(r"[^:]+:[a-fA-F0-9]+|[a-fA-F0-9]{32}", resource["hash"]), "hash")
        must(isinstance(resource["bytes"], int), "bytes")
        must(len(resource["dialect"].get("delimiter", ",")) == 1, "delimiter")
        must(len(resource["dialect"].get("quoteChar", '"')) == 1, "quoteChar")
        tabular = resource["profile"] == "tabular-data-resource"
        must(tabular or package["profile"] != "tabular-data-package", "all resources tabular")
        must(not tabular or "schema" in resource, "a tabular resource has a schema")
        schema = resource.get("schema", {"fields": [{"name": "x"}]})
        must(schema["fields"], "at least one field")
        must(all(isinstance(v, str) for v in schema.get("missingValues", [""])), "missing values")
        for field in schema["fields"]:
            must(field.get("name"), "a field has a name")
            must(field.get("type", "string") in TYPES, f"type of {field['name']}")
    return found


@pytest.fixture
def facts(study):
    study["study"] |= {"licence": "CC0-1.0", "source": "See https://example.org/a, table 2."}
    return run_facts(study, "c0de")


def test_the_package_keeps_the_rules_of_the_specification(results, facts):
    package = build_datapackage(results, facts)
    assert faults(package) == []
    assert package["title"] == "A demonstration"
    assert package["licenses"] == [{"name": "CC0-1.0"}]
    (source,) = package["sources"]
    assert source["path"] == "https://example.org/a"
    assert package["profile"] == "tabular-data-package"


def test_the_checker_finds_faults(results, facts):
    package = build_datapackage(results, facts)
    package["name"] = "Ä"
    package["resources"][0]["path"] = "../x.csv"
    package["resources"][1]["name"] = package["resources"][2]["name"]
    package["resources"][3]["schema"]["fields"][0]["type"] = "text"
    del package["resources"][4]["schema"]
    assert len(faults(package)) == 5


def test_each_resource_is_true_of_its_file(results, facts):
    package = build_datapackage(results, facts)
    files = sorted(p.relative_to(results).as_posix() for p in results.rglob("*.csv"))
    assert [r["path"] for r in package["resources"]] == files
    for resource in package["resources"]:
        data = (results / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert resource["bom"] is data.startswith(b"\xef\xbb\xbf") is True
        text = data.decode("utf-8-sig")
        assert "\r" not in text
        header, *rows = csv.reader(text.splitlines(keepends=True))
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == header
        frame = read_table((results / resource["path"]).with_suffix(".parquet"))
        for i, field in enumerate(fields):
            values = [row[i] for row in rows]
            missing = [v in resource["schema"]["missingValues"] for v in values]
            assert missing == list(frame[field["name"]].isna()), field
            for value in filter(None, values):
                if field["type"] == "integer":
                    int(value)
                elif field["type"] == "number":
                    float(value)
                elif field["type"] == "date":
                    assert re.fullmatch(r"\d{4}-\d\d-\d\d", value)


def test_fields_have_the_words_of_the_contract(results, facts):
    package = build_datapackage(results, facts)
    adtte = next(r for r in package["resources"] if r["path"] == "endpoints/adtte.csv")
    fields = {field["name"]: field for field in adtte["schema"]["fields"]}
    assert fields["AVAL"]["unit"] == "days"
    assert fields["ADT"]["type"] == "date"
    assert all(field["title"] for field in fields.values())
    ruled = [f for r in package["resources"] for f in r["schema"]["fields"] if "rule" in f]
    assert ruled
    assert all(field["description"] == field["rule"] for field in ruled)


def test_the_same_bytes_elsewhere_and_in_another_order(results, facts, tmp_path):
    write_json(build_datapackage(results, facts), tmp_path / "a.json")
    elsewhere = shutil.copytree(results, tmp_path / "elsewhere")
    turned = dict(reversed(facts.items()))
    write_json(build_datapackage(elsewhere, turned), tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert str(tmp_path) not in (tmp_path / "a.json").read_text()


def test_headers_that_name_no_fields_have_no_schema_and_names_stay_apart(tmp_path, facts):
    (tmp_path / "tables").mkdir()
    for name in ("A", "a", "表"):
        (tmp_path / f"tables/{name}.csv").write_text("x,y\n1,2\n")
    (tmp_path / "tables/twice.csv").write_text("x,x,\n1,2,3\n")
    (tmp_path / "audit/baseline/2022-01-01").mkdir(parents=True)
    (tmp_path / "audit/baseline/2022-01-01/b.csv").write_text("x\n")
    (tmp_path / "audit/lineage.csv").write_text("x\n")
    package = build_datapackage(tmp_path, facts | {"licence": "Ask the clinic first."})
    assert faults(package) == []
    assert package["licence"] == "Ask the clinic first."
    assert [r["name"] for r in package["resources"]] == [
        *("tables.a", "tables.a-2", "tables.twice", "tables.-"),
    ]
    assert [r["path"] for r in package["resources"] if "schema" not in r] == ["tables/twice.csv"]
    assert package["profile"] == "data-package"
    assert not package["resources"][0]["bom"]


def test_the_manifest_lists_the_package_which_lists_neither(results, facts):
    package = build_datapackage(results, facts)
    write_json(package, results / "datapackage.json")
    files = build_manifest(results, facts)["files"]
    (entry,) = [e for e in files if e["file"] == "datapackage.json"]
    assert (entry["stage"], entry["rule"]) == ("audit", "audit")
    assert entry["sha256"] == hashlib.sha256((results / entry["file"]).read_bytes()).hexdigest()
    assert build_datapackage(results, facts) == package
    assert "datapackage.json" not in json.dumps(package)
