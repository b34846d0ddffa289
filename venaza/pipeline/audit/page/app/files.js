// The files: a click unfolds what a file is, what it was made from and what was made of it.

let files = null;

async function filesView() {
  if (files) return files;
  files = unpack("files");
  const held = (files = await files);
  held.byName = new Map(held.files.map((entry) => [entry.file, entry]));
  held.anchors = new Map();
  for (const entry of held.raw) held.anchors.set(anchor("file", `raw/${entry.file}`), { ...entry, file: `raw/${entry.file}`, raw: entry.file });
  for (const entry of held.files) held.anchors.set(anchor("file", entry.file), entry);
  for (const row of document.querySelectorAll(".stage tbody tr")) {
    const opener = row.querySelector("a");
    opener.setAttribute("aria-expanded", "false");
    opener.addEventListener("click", (event) => {
      if (!row.classList.contains("open")) return;
      event.preventDefault();
      closeFile(row);
    });
    row.addEventListener("keydown", (event) => fileKey(event, row));
  }
  searchFiles();
  return held;
}

function fileKey(event, row) {
  if (event.key === "Escape") { closeFile(row); row.querySelector("a").focus(); }
  if (document.activeElement !== row.querySelector("a") || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  event.preventDefault();
  const all = [...document.querySelectorAll(".stage tbody tr[id]:not([hidden]) > :first-child a")];
  all[all.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
}

function closeFile(row) {
  if (!row.classList.contains("open")) return;
  row.classList.remove("open");
  row.querySelector("a").setAttribute("aria-expanded", "false");
  row.nextElementSibling.remove();
}

function searchFiles() {
  const field = el("input", { type: "search", autocomplete: "off" });
  const count = el("output", { "aria-live": "polite" });
  const rows = [...document.querySelectorAll(".stage tbody tr[id]")];
  const filter = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = row.cells[0].textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (row.hidden) closeFile(row);
      shown += !row.hidden;
    }
    for (const stage of document.querySelectorAll(".stage"))
      stage.hidden = ![...stage.querySelectorAll("tbody tr[id]")].some((row) => !row.hidden);
    count.textContent = shown === rows.length ? `${shown} in all` : `${shown} of ${rows.length}`;
  };
  field.addEventListener("input", filter);
  field.addEventListener("keydown", (event) => { if (event.key === "Escape") { field.value = ""; filter(); } });
  document.getElementById("file-view").append(
    el("div", { class: "filters", role: "search", "aria-label": "files" }, el("label", {}, "Search ", field), count));
  filter();
  searchFiles.reset = () => { field.value = ""; filter(); };
}

async function showFile(target) {
  const held = await filesView();
  const entry = held.anchors.get(target), row = document.getElementById(target);
  if (!entry || !row) return null;
  if (row.hidden) searchFiles.reset();
  for (const other of document.querySelectorAll(".stage tr.open")) if (other !== row) closeFile(other);
  if (row.classList.contains("open")) return row;
  row.classList.add("open");
  row.querySelector("a").setAttribute("aria-expanded", "true");
  row.after(el("tr", { class: "unfolded" }, el("td", { colspan: 4 }, el("div", { class: "detail" }, fileDetail(held, entry)))));
  return row;
}

function fileDetail(held, entry) {
  const path = entry.raw ? `../../../data/raw/${core.study.id}/${core.study.export}/${entry.raw}` : `../${entry.file}`;
  const from = entry.made_from || [], into = madeInto(held, entry);
  const columns = held.columns[entry.file], rows = held.rows[entry.file], lines = held.lines[entry.file];
  const twin = entry.file.replace(/\.parquet$/, ".csv");
  return [
    facts([
      ["Open", el("a", { href: path.split("/").map(encodeURIComponent).join("/") }, entry.raw || entry.file)],
      ["Also as", twin !== entry.file && held.byName.has(twin) ? link(anchor("file", twin), twin) : ""],
      ["Rows", entry.rows === undefined ? "" : entry.rows.toLocaleString("en-GB")],
      ["Columns", entry.columns ? String(entry.columns.length) : ""],
      ["Size", `${entry.bytes.toLocaleString("en-GB")} bytes`], ["SHA-256", el("code", {}, entry.sha256)],
      ["By rule", entry.rule], ["Format", entry.format], ["Encoding", entry.encoding],
    ]),
    el("div", { class: "lineage", role: "group", "aria-label": "Lineage" },
      sideOf("Made from", from.map((source) => sourceLink(held, source))),
      el("div", { class: "self" }, el("strong", {}, entry.raw || entry.file)),
      sideOf("Made into", into)),
    columns ? folded(`Data dictionary (${counted(columns.length, "column")})`, plainTable(["Column", "Label", "Unit", "Type", "Rule"],
      columns.map(([name, ...rest]) => [el("code", {}, name), ...rest]), "Data dictionary"), true) : null,
    !columns && entry.columns ? folded(`Columns (${entry.columns.length})`, el("p", {}, entry.columns.join(", "))) : null,
    rows ? folded(`First rows (${rows[1].length} of ${entry.rows})`, plainTable(...rows, "First rows"), true) : null,
    lines && lines.length ? folded("First lines", el("pre", { class: "wide", tabindex: 0 }, lines.join("\n")), true) : null,
  ];
}

function sideOf(title, links) {
  return el("div", { class: "side" }, el("h4", {}, title),
    links.length ? el("ul", {}, ...links.map((one) => el("li", {}, one))) : el("p", { class: "soft" }, "nothing"));
}

function sourceLink(held, source) {
  if (source.startsWith("data/raw/")) return link("stage-raw", source);
  if (held.byName.has(source)) return link(anchor("file", source), source);
  const stage = anchor("stage", source);
  return document.getElementById(stage) ? link(stage, `${source}: all files`) : source;
}

// What names this file, or a folder it lies in, as its source: files, or a stage as a whole.
function madeInto(held, entry) {
  const names = [entry.raw ? `data/raw/${core.study.id}/${core.study.export}/${entry.raw}` : entry.file];
  for (let path = names[0]; path.includes("/"); ) { path = path.slice(0, path.lastIndexOf("/")); names.push(path); }
  const stages = new Map();
  for (const other of held.files)
    if ((other.made_from || []).some((source) => names.includes(source))) {
      const at = document.getElementById(anchor("file", other.file))?.closest(".stage")?.querySelector("h3").id;
      if (at) stages.set(at, [...(stages.get(at) || []), other.file]);
    }
  return [...stages].flatMap(([at, found]) => (found.length > 4
    ? [link(at, `${at.slice("stage-".length)}: ${found.length} files`)]
    : found.map((name) => link(anchor("file", name), name))));
}
