// Queries, corrections, what cleaning changed and left out; and the cohort flow.

let queryList = null;

function queryPlace(row) {
  const { queries } = core.tables;
  const [file, sheet] = [queries.text("SRCFILE", row), queries.text("SRCSHEET", row)];
  return placeOf(queries.text("USUBJID", row), file, sheet, queries.get("SRCROW", row), queries.text("SRCCOL", row));
}

// The link to a raw cell of a patient on this page, else its place in words.
function placeOf(patient, file, sheet, row, header) {
  const s = core.sheets.findIndex((held) => held.file === file && held.sheet === sheet);
  if (core.place.has(patient) && s >= 0 && row !== null) return placeLink(patient, s, row, header);
  return [file, sheet, row === null ? "" : `row ${row}`].filter(Boolean).join(" · ");
}

function queriesView() {
  if (queryList) return queryList;
  const { queries, corrections, quarantine, changed } = core.tables;
  const said = (c) => (i) => queries.text(c, i);
  queryList = new List({
    n: queries.n, label: "queries", noun: "query", id: (i) => anchor("query", queries.text("QUERYID", i)),
    columns: [
      { name: "Severity", cell: (i) => el("span", { class: queries.text("SEVERITY", i) }, queries.text("SEVERITY", i)) },
      { name: "Patient", cell: (i) => patientLink(queries.text("USUBJID", i)) },
      { name: "Where", cell: (i) => `${queries.text("TABLE", i)} ${queries.text("COLUMN", i)}` },
      { name: "Value", cell: said("VALUE") },
      { name: "What is wrong", cell: said("MESSAGE") },
      { name: "Done", cell: said("ACTION") },
      { name: "Rule", cell: (i) => queries.text("RULE", i).replaceAll("_", " ") },
      { name: "Raw cell", cell: queryPlace },
    ],
    search: (i) => queries.names().map((c) => queries.text(c, i)).join(" "),
    choices: [
      { name: "Severity", values: queries.distinct("SEVERITY"), of: said("SEVERITY") },
      { name: "Rule", values: [...queries.distinct("RULE")].sort(), of: said("RULE") },
    ],
  });
  const severities = queries.distinct("SEVERITY").map((s) => counted(queries.by("SEVERITY").get(s).length, s));
  document.getElementById("queries-view").replaceChildren(
    ...(queries.n ? [el("p", {}, `${severities.join(", ")}.`), queryList.element] : [el("p", {}, "There are none.")]),
    el("h3", { id: "corrections" }, "Corrections of the clinic"),
    corrections && corrections.n ? correctionList(corrections).element : el("p", {}, "There are none."),
    el("h3", {}, "Rows left out"),
    quarantine && quarantine.n ? quarantineList(quarantine).element : el("p", {}, "There are none."),
    el("h3", {}, "What cleaning changed"),
    changed.n ? changedList(changed).element : el("p", {}, "Nothing."),
  );
  return queryList;
}

function everything(held) { return (i) => held.names().map((c) => held.text(c, i)).join(" "); }

function correctionList(held) {
  const said = (c, otherwise = "") => (i) => held.text(c, i) || otherwise;
  return new List({ n: held.n, label: "corrections", search: everything(held), columns: [
    { name: "Patient", cell: (i) => patientLink(held.text("USUBJID", i)) },
    { name: "Column", cell: (i) => `${held.text("TABLE", i)} ${held.text("SRCCOL", i)}` },
    { name: "Old", cell: said("OLD", "(empty)") }, { name: "New", cell: said("NEW", "(empty)") },
    { name: "Why", cell: said("REASON") }, { name: "Who", cell: said("WHO") }, { name: "When", cell: said("WHEN") },
    { name: "Outcome", cell: said("STATUS") },
    { name: "Raw cell", cell: (i) => placeOf(held.text("USUBJID", i), held.text("SRCFILE", i), held.text("SRCSHEET", i),
      held.get("SRCROW", i), held.text("SRCCOL", i)) },
  ] });
}

function quarantineList(held) {
  const said = (c) => (i) => held.text(c, i);
  return new List({ n: held.n, label: "rows left out", search: everything(held), size: 50, columns: [
    { name: "Table", cell: said("TABLE") }, { name: "Why", cell: said("REASON") },
    { name: "Raw row", cell: (i) => [held.text("SRCFILE", i), held.text("SRCSHEET", i), `row ${held.text("SRCROW", i)}`].filter(Boolean).join(" · ") },
    { name: "As sent", cell: said("CONTENT") },
  ] });
}

function changedList(held) {
  const said = (c) => (i) => held.text(c, i);
  return new List({ n: held.n, label: "changes by rule", search: everything(held), size: 50, columns: [
    { name: "Table", cell: said("TABLE") }, { name: "Column", cell: said("COLUMN") }, { name: "Rule", cell: said("RULE") },
    { name: "Values changed", kind: "number", cell: (i) => held.get("N", i).toLocaleString("en-GB") },
  ] });
}

let flow = null;

function flowView() {
  if (flow) return flow;
  const held = core.tables.flow, view = document.getElementById("flow-view");
  flow = { boxes: new Map(), panel: el("div", { id: "flow-panel", "aria-live": "polite" }) };
  if (!held) {
    view.replaceChildren(el("p", {}, "These results have no cohort flow."));
    return flow;
  }
  for (const row of held.rows()) flow.boxes.set(held.get("BOX", row), row);
  const below = (name) => held.rows().filter((row) => held.get("PARENT", row) === name);
  const branch = (row) => {
    const children = below(held.get("BOX", row));
    return el("li", {}, flowBox(row), children.length ? el("ul", { class: children.length > 1 ? "side" : null }, ...children.map(branch)) : null);
  };
  const roots = held.rows().filter((row) => held.get("PARENT", row) === null);
  view.replaceChildren(el("p", { class: "soft" }, "A box shows the patients in it."),
    el("div", { class: "wide" }, el("ul", { class: "tree" }, ...roots.map(branch))), flow.panel);
  return flow;
}

// A group's box is labelled with its code in the table; the study's words for it are shown.
function boxLabel(row) {
  const label = core.tables.flow.text("LABEL", row);
  return (core.tables.flow.get("BOX", row).startsWith("group:") && core.study.groups[label]) || label;
}

function flowBox(row) {
  const held = core.tables.flow, name = held.get("BOX", row);
  const out = held.get("EXCLUDED", row);
  return [
    out ? el("p", { class: "out" }, `${out} left out: ${held.text("REASONS", row).replaceAll("n = ", "n\u00a0=\u00a0").replaceAll(" (n", "\u00a0(n")}`) : null,
    el("a", { class: "box", href: `#${encodeURIComponent(anchor("flow", name))}`, id: anchor("flow", name) },
      el("span", {}, boxLabel(row)), " ", el("strong", {}, `n\u00a0=\u00a0${held.get("N", row)}`)),
  ];
}

// The patients of a box, by the same flags that ADSL counts them by.
function inBox(name) {
  const { adsl } = core.tables, [kind, level] = name.split(/:(.*)/s);
  const is = (flag, value) => (row) => adsl.get(flag, row) === value;
  const tests = { raw: [], patients: [], treated: [] }[kind] || [];
  if (!["raw", "patients"].includes(kind)) tests.push(is("ITTFL", "Y"));
  if (level !== undefined) tests.push(is("GROUP", level));
  if (kind === "evaluable") tests.push((row) => adsl.get("RESPFL", row) !== "N");
  if (["failed", "treated_after"].includes(kind)) tests.push(is("FAILFL", "Y"));
  if (kind === "treated_after") tests.push(is("PFTRTFL", "Y"));
  return adsl.rows().filter((row) => tests.every((test) => test(row)));
}

function showBox(name) {
  const { adsl, flow: held, quarantine } = core.tables, row = flow.boxes.get(name);
  for (const box of document.querySelectorAll("a.box")) box.removeAttribute("aria-current");
  document.getElementById(anchor("flow", name)).setAttribute("aria-current", "true");
  const inside = inBox(name), parent = held.get("PARENT", row);
  const kept = new Set(inside);
  const outside = parent && parent !== "raw" ? inBox(parent).filter((r) => !kept.has(r)) : [];
  const split = held.rows().filter((r) => held.get("PARENT", r) === parent).length > 1 && name.startsWith("group:");
  const listed = (rows, label, reason) => new List({ n: rows.length, size: 50, label,
    search: rows.length > 12 ? (k) => `${core.patients[rows[k]]} ${groupOf(rows[k])}` : null,
    columns: [
      { name: "Patient", head: true, cell: (k) => patientLink(core.patients[rows[k]]) },
      { name: "Group", cell: (k) => groupOf(rows[k]) },
      { name: reason ? "Why" : "Best response", cell: (k) => (reason ? adsl.text("RESPFLRS", rows[k]) || reason : adsl.text("BOR", rows[k])) },
      { name: "Failure", cell: (k) => adsl.text("FAILTYPE", rows[k]) },
      { name: "Died", cell: (k) => ({ Y: "yes", N: "no" }[adsl.get("DTHFL", rows[k])] || "") },
    ] }).element;
  const rowsOut = name === "raw" && quarantine
    ? quarantine.rows().filter((r) => quarantine.get("TABLE", r) === "patients") : [];
  flow.panel.replaceChildren(...present([
    el("h3", { tabindex: -1 }, `${boxLabel(row)}: ${counted(held.get("N", row), name === "raw" ? "row" : "patient")}`),
    name === "raw" ? el("p", {}, `They tell of ${counted(inside.length, "patient")}.`) : null,
    listed(inside, "patients in the box"),
    ...(rowsOut.length ? [el("h4", {}, "Rows left out"), plainTable(["Why", "Raw row", "As sent"], rowsOut.map((r) =>
      [quarantine.text("REASON", r), `row ${quarantine.text("SRCROW", r)}`, quarantine.text("CONTENT", r)]), "Rows left out")] : []),
    ...(outside.length && !split ? [el("h4", {}, `Left out here: ${counted(outside.length, "patient")}`),
      listed(outside, "patients left out", held.text("REASONS", row).replace(/ \(n = \d+\)/g, ""))] : [])]));
}
