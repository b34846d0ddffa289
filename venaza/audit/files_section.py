"""The files of the audit page: the drawn graph of the stages, the list, the first lines."""

from __future__ import annotations

from pathlib import Path

from venaza.audit import markup as m

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
    *(("raw", "intake"), ("intake", "clean"), ("clean", "endpoints"), ("endpoints", "statistics")),
    *(("clean", "queries"), ("statistics", "figures"), ("statistics", "tables")),
    *(("figures", "report"), ("tables", "report"), ("report", "audit")),
)
_WIDE, _HIGH, _GAP, _LINE = 132, 58, 34, 92
#: Files that this page and what is made after it would have to list before they exist.
LATER = ("audit/index.html", "audit/lineage.csv", "audit/manifest.json")
_TEXT = {".csv", ".json", ".log", ".txt", ".R", ".md", ".qmd", ".yml", ".html"}
#: A preview: so many lines, each of so many characters.
_LINES, _CHARACTERS = 8, 240


def files_section(manifest: dict) -> str:
    """Every file of the results with rows, size and hash, under a graph of the stages."""
    entries = [e for e in manifest["files"] if e["file"] not in LATER]
    groups: dict[str, list[dict]] = {}
    for entry in entries:
        groups.setdefault(stage_of(entry["file"]), []).append(entry)
    order = [stage for stage in STAGES if stage in groups]
    order += sorted(set(groups) - set(order))
    sizes = {"raw": len(manifest["raw"]), **{name: len(found) for name, found in groups.items()}}
    parts = [_raw(manifest["raw"])]
    parts += [_stage(name, groups[name]) for name in order]
    graph = m.Markup(f'<div class="wide graph">{_graph(sizes)}</div><div id="file-view"></div>')
    return m.section("files", "Files", graph, *parts)


def stage_of(name: str) -> str:
    """The stage whose list a file stands in; the export before has one of its own."""
    parts = name.split("/")
    if parts[:2] == ["audit", "baseline"]:
        return "/".join(parts[:3])
    return parts[0] if len(parts) > 1 else "audit"


def _graph(sizes: dict[str, int]) -> str:
    """The stages as boxes that are links, with an arrow where one is made from the other."""
    shown = {name: place for name, (_, place) in STAGES.items() if sizes.get(name)}
    corner = {n: (4 + x * (_WIDE + _GAP), 4 + y * _LINE) for n, (x, y) in shown.items()}
    lines = [_arrow(corner[a], corner[b]) for a, b in _ARROWS if a in corner and b in corner]
    boxes = []
    for name, (x, y) in corner.items():
        files = "1 file" if sizes[name] == 1 else f"{sizes[name]} files"
        what = STAGES[name][0]
        boxes.append(
            f'<a href="#stage-{name}" aria-label="{m.safe(f"{name}: {what}, {files}")}">'
            f'<rect x="{x}" y="{y}" width="{_WIDE}" height="{_HIGH}" rx="4"/>'
            f'<text x="{x + 10}" y="{y + 19}" class="name">{name}</text>'
            f'<text x="{x + 10}" y="{y + 35}">{m.safe(what)}</text>'
            f'<text x="{x + 10}" y="{y + 50}">{files}</text></a>'
        )
    right = max((x for x, _ in corner.values()), default=0) + _WIDE + 4
    low = max((y for _, y in corner.values()), default=0) + _HIGH + 4
    return (
        f'<svg viewBox="0 0 {right} {low}" width="{right}" height="{low}" role="group" '
        f'aria-label="The stages, each a link to its files">'
        f"{''.join(lines)}{''.join(boxes)}</svg>"
    )


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    if start[0] == end[0]:
        x, y = start[0] + _WIDE // 2, end[1]
        path = f"M{x} {start[1] + _HIGH}V{y - 6}"
        tip = f"M{x - 4} {y - 7}h8l-4 7z"
    else:
        x, y = start[0] + _WIDE, start[1] + _HIGH // 2
        middle, to, right = (x + end[0]) // 2, end[1] + _HIGH // 2, end[0]
        path = f"M{x} {y}H{middle}V{to}H{right - 6}"
        tip = f"M{right - 7} {to - 4}v8l7 -4z"
    return f'<path class="arrow" d="{path}"/><path class="tip" d="{tip}"/>'


def _raw(raw: list[dict]) -> str:
    names = [_named("raw/" + r["file"], r["file"]) for r in raw]
    rows = [
        (name, "", _size(r["bytes"]), m.short_hash(r["sha256"]))
        for name, r in zip(names, raw, strict=True)
    ]
    return _listed("raw", "raw: the export as it came", rows, [r["file"] for r in raw], "raw/")


def _stage(name: str, entries: list[dict]) -> str:
    rows = [
        (
            _named(e["file"], e["file"]),
            f"{e['rows']:,}" if "rows" in e else "",
            _size(e["bytes"]),
            m.short_hash(e["sha256"]),
        )
        for e in entries
    ]
    title = name.replace("audit/baseline/", "the export before, ")
    if name in STAGES:
        title += f": {STAGES[name][0]}"
    return _listed(name, title, rows, [e["file"] for e in entries], "")


def _named(name: str, text: str) -> m.Markup:
    return m.link(m.anchor("file", name), text)


def _listed(name: str, title: str, rows: list, files: list[str], prefix: str) -> m.Markup:
    heading = f'<h3 id="{m.safe(m.anchor("stage", name))}" tabindex="-1">{m.safe(title)}</h3>'
    ids = [m.anchor("file", prefix + file) for file in files]
    headers = ["File", "Rows", "Size", "SHA-256"]
    return m.Markup(
        f'<div class="stage">{heading}{m.table(headers, rows, ids=ids, numeric=[1, 2])}</div>'
    )


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
