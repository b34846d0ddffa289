"""The files of the audit page: the graph of the stages, the lists, the first lines."""

from __future__ import annotations

from pathlib import Path

#: The stages in the order of the flow, what each makes, and where its box stands (column, row).
STAGES = {
    "raw": ("the export as it came", (0, 0)),
    "settings": ("told to each stage", (0, 1)),
    "intake": ("every cell as text", (1, 0)),
    "clean": ("typed tables", (2, 0)),
    "endpoints": ("analysis tables", (3, 0)),
    "queries": ("workbook for the clinic", (3, 1)),
    "statistics": ("every number", (4, 0)),
    "figures": ("drawings", (5, 0)),
    "tables": ("tables of the report", (5, 1)),
    "report": ("the manuscript", (6, 0)),
    "audit": ("manifest, changes", (6, 1)),
}
#: What is made from what, stage by stage, for the arrows.
_ARROWS = (
    ("raw", "intake"),
    ("intake", "clean"),
    ("clean", "endpoints"),
    ("endpoints", "statistics"),
    ("clean", "queries"),
    ("statistics", "figures"),
    ("statistics", "tables"),
    ("figures", "report"),
    ("tables", "report"),
    ("report", "audit"),
)
_WIDE, _HIGH, _GAP, _LINE = 142, 58, 28, 92
#: Files that this page and what is made after it would have to list before they exist.
LATER = ("index.html", "audit/index.html", "audit/lineage.csv", "audit/manifest.json")
_TEXT = {".csv", ".json", ".log", ".txt", ".R", ".md", ".qmd", ".yml", ".html"}
#: A preview: so many lines, each of so many characters.
_LINES, _CHARACTERS = 8, 240


def listed_files(manifest: dict) -> list[dict]:
    """The files of the results stage by stage, with rows, size and hash; the raw ones first."""
    raw = [_file(entry, "raw/") for entry in manifest["raw"]]
    found = [{"name": "raw", "title": "raw: the export as it came", "files": raw}]
    groups = _by_stage(manifest)
    order = [stage for stage in STAGES if stage in groups]
    for name in [*order, *sorted(set(groups) - set(order))]:
        title = name.replace("audit/baseline/", "the export before, ")
        if name in STAGES:
            title += f": {STAGES[name][0]}"
        files = [_file(entry) for entry in groups[name]]
        found.append({"name": name, "title": title, "files": files})
    return found


def _file(entry: dict, folder: str = "") -> dict:
    rows = f"{entry['rows']:,}" if "rows" in entry else ""
    return {**entry, "key": folder + entry["file"], "rows": rows, "size": _size(entry["bytes"])}


def _by_stage(manifest: dict) -> dict[str, list[dict]]:
    groups: dict[str, list[dict]] = {}
    for entry in manifest["files"]:
        if entry["file"] not in LATER:
            groups.setdefault(stage_of(entry["file"]), []).append(entry)
    return groups


def stage_of(name: str) -> str:
    """The stage whose list a file stands in; the export before has one of its own."""
    parts = name.split("/")
    if parts[:2] == ["audit", "baseline"]:
        return "/".join(parts[:3])
    return parts[0] if len(parts) > 1 else "audit"


def drawn_stages(manifest: dict) -> dict:
    """The stages as boxes, with an arrow where one is made from the other; in pixels."""
    sizes = {name: len(found) for name, found in _by_stage(manifest).items()}
    sizes = {"raw": len(manifest["raw"]), **sizes}
    shown = {name: place for name, (_, place) in STAGES.items() if sizes.get(name)}
    corner = {n: (4 + x * (_WIDE + _GAP), 4 + y * _LINE) for n, (x, y) in shown.items()}
    boxes = []
    for name, (x, y) in corner.items():
        files = "1 file" if sizes[name] == 1 else f"{sizes[name]} files"
        boxes.append({"name": name, "what": STAGES[name][0], "files": files, "x": x, "y": y})
    return {
        "width": max((x for x, _ in corner.values()), default=0) + _WIDE + 4,
        "height": max((y for _, y in corner.values()), default=0) + _HIGH + 4,
        "box": (_WIDE, _HIGH),
        "arrows": [_arrow(corner[a], corner[b]) for a, b in _ARROWS if {a, b} <= set(corner)],
        "boxes": boxes,
    }


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> tuple[str, str]:
    """The paths of a line and of its tip."""
    if start[0] == end[0]:
        x, y = start[0] + _WIDE // 2, end[1]
        path = f"M{x} {start[1] + _HIGH}V{y - 6}"
        tip = f"M{x - 4} {y - 7}h8l-4 7z"
    else:
        x, y = start[0] + _WIDE, start[1] + _HIGH // 2
        middle, to, right = (x + end[0]) // 2, end[1] + _HIGH // 2, end[0]
        path = f"M{x} {y}H{middle}V{to}H{right - 6}"
        tip = f"M{right - 7} {to - 4}v8l7 -4z"
    return path, tip


def _size(count: int) -> str:
    return f"{count:,} bytes" if count < 10_000 else f"{count / 1000:,.0f} kB"


def first_lines(root: Path, manifest: dict) -> dict[str, list[str]]:
    """The first lines of each text file of the results that has no Parquet file beside it."""
    found = {}
    names = {entry["file"] for entry in manifest["files"]}
    for entry in manifest["files"]:
        path = root / entry["file"]
        twin = entry["file"].rpartition(".")[0] + ".parquet"
        if path.suffix not in _TEXT or twin in names or entry["file"] in LATER:
            continue
        if stage_of(entry["file"]).startswith("audit/baseline"):
            continue
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            lines = [file.readline(4 * _CHARACTERS).rstrip("\n") for _ in range(_LINES)]
        shown = [line[:_CHARACTERS] for line in lines]
        while shown and not shown[-1]:
            shown.pop()
        found[entry["file"]] = shown
    return found
