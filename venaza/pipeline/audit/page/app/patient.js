// The patients: the list with a small time line each, and one patient from raw cell to endpoint.

const OUTCOMES = { 0: "event", 1: "censored", 2: "competing event" };
const FLAGS = [
  ["ITTFL", "In the analysis"], ["SAFFL", "In the safety population"],
  ["RESPFL", "Evaluable for response", "RESPFLRS"], ["CRFL", "Reached complete remission"],
  ["MRDFL", "MRD tested in remission", "MRDFLRS"], ["FAILFL", "Regimen failed", "FAILTYPE"],
  ["PFTRTFL", "Anti-leukaemic therapy after failure", "PFTRT"],
  ["PFSUPFL", "Supportive care only after failure", "PFSUP"], ["TXFL", "Transplanted"], ["DTHFL", "Died"],
];

function groupOf(row) {
  const level = core.tables.adsl.text("GROUP", row);
  return core.study.groups[level] || level;
}

function endpointsOf(adtte, patient) {
  return adtte.of(patient).map((row) => {
    const status = adtte.get("CNSR", row);
    const said = adtte.get("EVNTDESC", row) ?? adtte.text("CNSDTDSC", row);
    return { row, code: adtte.get("PARAMCD", row), name: adtte.text("PARAM", row), status,
      start: adtte.get("STARTDY", row), end: adtte.get("ADY", row), days: adtte.get("AVAL", row),
      outcome: `${OUTCOMES[status]}: ${said}`, cell: adtte.get("CELL", row), defn: adtte.text("DEFN", row),
      source: `${adtte.text("SRCDOM", row)}.${adtte.text("SRCVAR", row)} #${adtte.text("SRCSEQ", row)}` };
  });
}

let patients = null;

async function patientsView() {
  if (patients) return patients;
  const holder = document.getElementById("patients-view");
  const [courses, adtte] = await Promise.all([table("courses"), table("adtte")]);
  if (patients) return patients;
  const { adsl, queries } = core.tables;
  const main = core.study.primary;
  const ends = core.patients.map((name) => endpointsOf(adtte, name).find((e) => e.code === main));
  const ended = (i) => (ends[i] ? `${ends[i].days} days, ${ends[i].outcome}` : "");
  const asked = (i) => queries.of(core.patients[i]).length;
  const lanes = new Map();
  const laneOf = (i) => {
    if (!lanes.has(i)) lanes.set(i, lane(eventsOf(courses, core.patients[i]), wide, longest));
    return lanes.get(i);
  };
  const wide = Math.max(150, Math.min(620, holder.clientWidth - 560));
  const kinds = adsl.distinct("FAILTYPE");
  const longest = Math.max(30, ...courses.distinct("ADY"));
  patients = new List({
    n: core.patients.length, size: 50, noun: "patient", label: "patients",
    id: (i) => anchor("patient", core.patients[i]),
    columns: [
      { name: "Patient", head: true, cell: (i) => link(anchor("patient", core.patients[i]), core.patients[i]) },
      { name: "Group", cell: groupOf },
      { name: `Time line, ${Math.round(longest / core.study.month)} months`, cell: laneOf },
      { name: main, cell: ended },
      { name: "Queries", kind: "number", cell: (i) => asked(i) || "" },
    ],
    search: (i) => [core.patients[i], groupOf(i), ended(i), adsl.text("FAILTYPE", i), adsl.text("BOR", i),
      adsl.text("PFTRT", i)].join(" "),
    choices: [
      ...(Object.keys(core.study.groups).length ? [{ name: "Group", values: Object.values(core.study.groups), of: groupOf }] : []),
      { name: main, values: ["event", "censored"], of: (i) => (ends[i] ? OUTCOMES[ends[i].status] : "") },
      ...(kinds.length ? [{ name: "Failure", values: kinds, of: (i) => adsl.text("FAILTYPE", i) }] : []),
      { name: "Queries", values: ["asked"], of: (i) => (asked(i) ? "asked" : "") },
    ],
    open: (i) => patientDetail(i, holder.clientWidth - 60),
  });
  const drawn = new Set(courses.rows().map((row) => lookOf({ kind: courses.get("KIND", row), mark: courses.text("MARK", row) })));
  holder.replaceChildren(keyTo(Object.keys(LOOKS).filter((kind) => drawn.has(kind) && !NOT_IN_LANES.includes(kind))), patients.element);
  return patients;
}

async function patientDetail(i, wide) {
  const name = core.patients[i], { adsl, queries, excluded } = core.tables;
  const [parcel, courses, adtte, adrs] = await Promise.all(
    [parcelOf(name), table("courses"), table("adtte"), table("adrs")]);
  readTexts(name, parcel.cells);
  const events = eventsOf(courses, name), all = endpointsOf(adtte, name);
  const main = all.filter((e) => core.study.main.includes(e.code));
  const flags = FLAGS.filter(([flag]) => adsl.get(flag, i) !== null).map(([flag, words, why]) => {
    const reason = why ? adsl.text(why, i) : "";
    return [words, ({ Y: "yes", N: "no" }[adsl.get(flag, i)] || "") + (reason ? ` (${reason})` : "")];
  });
  const left = excluded.of(name).map((row) => [excluded.text("PARAMCD", row), excluded.text("REASON", row)]);
  const rows = queries.of(name);
  return [
    el("h3", { class: "who" }, name, el("small", {}, ` ${groupOf(i)}`)),
    neighbours(i),
    events.length ? el("div", { class: "wide", tabindex: 0, role: "region", "aria-label": `Time line of ${name}` },
      timeline(name, events, main, wide)) : null,
    events.length ? keyTo(marksOf(events).map(lookOf), main) : null,
    el("h4", {}, "Endpoints"),
    endpointTable(name, main, parcel.tried),
    all.length > main.length ? folded(`By other definitions (${all.length - main.length})`, endpointTable(name, all.filter((e) => !main.includes(e)), parcel.tried)) : null,
    left.length ? folded(`Without a row (${left.length})`, plainTable(["Endpoint", "Why"], left, "Endpoints without a row"), left.length < 4) : null,
    triedSection(name, parcel.tried),
    folded("The course in words", courseTable(name, events)),
    folded("Populations", facts(flags)),
    rows.length ? folded(`Queries (${rows.length})`, plainTable(["Severity", "What is wrong", "Done", "Raw cell"],
      rows.map((row) => [queries.text("SEVERITY", row), queries.text("MESSAGE", row), queries.text("ACTION", row), queryPlace(row)]),
      "Queries"), true) : null,
    el("h4", {}, "Raw cells"),
    el("p", { class: "soft" }, "As the hospital sent them. Marked are the cells that decided an endpoint or a response."),
    rawCells(name, parcel, decisions(name, adtte, adrs)),
    folded(`What cleaning changed (${parcel.cleaning_log ? parcel.cleaning_log.of(name).length : 0})`, cleaningTable(name, parcel)),
    folded("Clean rows", cleanRows(name, parcel)),
  ];
}

function neighbours(i) {
  const to = (k, words) => (core.patients[k] === undefined ? null
    : link(anchor("patient", core.patients[k]), `${words} ${core.patients[k]}`));
  return el("p", { class: "neighbours" }, to(i - 1, "‹"), " ", to(i + 1, "›"));
}

function endpointTable(name, endpoints, tried) {
  const decided = new Map(tried.of(name).filter((row) => tried.get("DECIDED", row) === "Y")
    .map((row) => [tried.get("PARAMCD", row), tried.text("SAID", row)]));
  return plainTable(["Endpoint", "From", "To", ["Days", "number"], ["Months", "number"], "Outcome and why", "Definition", "Decided by", "Raw cell"],
    endpoints.map((e) => {
      const [label, said] = core.study.endpoints[e.code] || [e.name, ""];
      return [el("td", {}, el("strong", {}, e.code), el("br"), label), dayAndDate(name, e.start), dayAndDate(name, e.end),
        String(e.days), months(e.days), el("td", {}, e.outcome, el("small", { class: "soft said" }, decided.get(e.code))),
        said || `definition ${e.defn}`, el("code", {}, e.source), rawOf(name, e.cell)];
    }), "Endpoints");
}

function dayAndDate(name, day) {
  const date = dateOn(name, day);
  return el("span", { class: "date" }, date ? `${date} ` : "", el("span", {}, date ? `(day ${day})` : `day ${day}`));
}

// The link to a raw cell with its header and its text.
function rawOf(name, reference) {
  const cell = cellOf(reference);
  if (!cell) return "no cell: set by the study file";
  const text = textsOf.get(name).get(reference);
  return el("span", {}, cellLink(name, reference), text === undefined ? "" : ` · ${cell.header}: ${text}`);
}

const textsOf = new Map();

// Keeps the texts of a patient's cells by reference, once the parcel is unpacked.
function readTexts(name, cells) {
  if (textsOf.has(name)) return;
  textsOf.set(name, new Map(cells.of(name).map((row) =>
    [`${cells.get("S", row)}.${cells.get("SRCROW", row)}.${cells.get("C", row)}`, cells.text("VALUE", row)])));
}

// Each source of each endpoint in the order tried, and what became of it.
function triedSection(name, tried) {
  const rows = tried.of(name);
  if (!rows.length) return null;
  const codes = [...new Set(rows.map((row) => tried.get("PARAMCD", row)))];
  const ofCode = (code) => plainTable(["", "As", "Source", "Found", "What became of it", "Raw cell"],
    rows.filter((row) => tried.get("PARAMCD", row) === code).map((row) => {
      const found = tried.get("ADY", row) === null ? "" : el("span", {}, `${tried.text("FOUND", row)}, `, dayAndDate(name, tried.get("ADY", row)));
      const decided = tried.get("DECIDED", row) === "Y";
      return [tried.text("NTH", row), tried.text("ROLE", row).replace("_", " "), tried.text("SOURCE", row), found,
        el("td", { class: decided ? "decided" : null }, tried.text("SAID", row)), cellLink(name, tried.get("CELL", row))];
    }), `Sources of ${code}`);
  return folded("Sources of each endpoint in the order tried",
    codes.map((code) => folded(code, ofCode(code), core.study.main.includes(code))));
}

function courseTable(name, events) {
  return plainTable([["Day", "number"], "Date", ["Months", "number"], "What", "Raw cell"], events.map((e) => [
    String(e.day), dateOn(name, e.day), months(e.day),
    e.end === null ? e.said : `${e.said}, to day ${e.end}`, cellLink(name, e.cell)]), "The course in words");
}

// Reference of a cell -> what it decided.
function decisions(name, adtte, adrs) {
  const found = new Map();
  for (const held of [adtte, adrs])
    for (const row of held.of(name)) {
      const reference = held.get("CELL", row);
      if (reference) found.set(reference, [...(found.get(reference) || []), held.get("PARAMCD", row)]);
    }
  return found;
}

function rawCells(name, parcel, decided) {
  const { cells } = parcel;
  const sheets = new Map();
  for (const row of cells.of(name)) {
    const s = cells.get("S", row), line = cells.get("SRCROW", row);
    if (!sheets.has(s)) sheets.set(s, new Map());
    if (!sheets.get(s).has(line)) sheets.get(s).set(line, new Map());
    sheets.get(s).get(line).set(cells.get("C", row), cells.text("VALUE", row));
  }
  const changed = changesOf(name, parcel);
  return [...sheets].sort((a, b) => a[0] - b[0]).map(([s, rows]) => {
    const { file, sheet } = core.sheets[s];
    const marked = [...decided.keys()].some((reference) => reference.startsWith(`${s}.`));
    const title = `${file}${sheet ? ` · ${sheet}` : ""} (${counted(rows.size, "row")})`;
    return folded(title, sheetTable(name, s, rows, decided, changed), rows.size <= 40 || marked);
  });
}

function changesOf(name, parcel) {
  const log = parcel.cleaning_log, found = new Map();
  if (log) for (const row of log.of(name)) {
    const key = `${log.get("S", row)}.${log.get("SRCROW", row)}.${log.text("SRCCOL", row)}`;
    found.set(key, [...(found.get(key) || []), `${log.text("COLUMN", row)} ${log.text("CLEAN", row) || "empty"} (${log.text("RULE", row)})`]);
  }
  return found;
}

function rawCell(name, reference, text, decided, changed) {
  const cell = cellOf(reference);
  const codes = decided.get(reference);
  const notes = changed.get(`${cell.s}.${cell.row}.${cell.header}`);
  return el("td", { id: cellAnchor(name, cell), tabindex: -1, class: codes ? "decided" : notes ? "changed" : null,
    title: notes ? `cleaned to ${notes.join(", ")}` : null },
    el("span", { class: "text" }, text), codes ? el("small", {}, ` decides ${shortened(codes)}`) : "");
}

function shortened(codes) {
  const distinct = [...new Set(codes)];
  const first = distinct.filter((code) => core.study.main.includes(code) || !code.includes(".")).slice(0, 6);
  return first.join(", ") + (distinct.length > first.length ? ` and ${distinct.length - first.length} more` : "");
}

// A single wide row is written downwards, several rows below each other.
function sheetTable(name, s, rows, decided, changed) {
  const columns = core.sheets[s].columns;
  const used = columns.map((_, c) => c).filter((c) => [...rows.values()].some((row) => row.has(c)));
  if (rows.size === 1 && used.length > 8) {
    const [[line, row]] = rows;
    return plainTable(["Cell", "Header", "Text", "Cleaned to"], used.map((c) => {
      const reference = `${s}.${line}.${c}`;
      const notes = changed.get(`${s}.${line}.${columns[c][1]}`);
      return [el("code", {}, `${columns[c][0]}${line}`), columns[c][1], rawCell(name, reference, row.get(c), decided, changed), notes ? notes.join(", ") : ""];
    }), "Raw cells");
  }
  const lines = [...rows].sort((a, b) => a[0] - b[0]).map(([line, row]) => [
    el("th", { scope: "row", id: anchor("cell", `${name}/${core.sheets[s].file}/${core.sheets[s].sheet}/${line}`), tabindex: -1,
      class: decided.has(`${s}.${line}.`) ? "decided" : null }, String(line)),
    ...used.map((c) => (row.has(c) ? rawCell(name, `${s}.${line}.${c}`, row.get(c), decided, changed) : ""))]);
  return plainTable(["Row", ...used.map((c) => `${columns[c][0]} ${columns[c][1]}`)], lines, "Raw cells");
}

function cleaningTable(name, parcel) {
  const log = parcel.cleaning_log;
  if (!log || !log.of(name).length) return el("p", {}, "Nothing.");
  return plainTable(["Column", "Sent", "Clean", "Rule", "Raw cell"], log.of(name).map((row) => [
    `${log.text("TABLE", row)}.${log.text("COLUMN", row)}`, log.text("RAW", row), log.text("CLEAN", row) || "empty",
    [log.text("RULE", row), log.text("NOTE", row)].filter(Boolean).join(": "),
    placeLink(name, log.get("S", row), log.get("SRCROW", row), log.text("SRCCOL", row))]), "What cleaning changed");
}

function placeLink(name, s, row, header) {
  if (s === null || s < 0 || row === null) return "";
  const c = core.sheets[s].columns.findIndex((column) => column[1] === header);
  return cellLink(name, `${s}.${row}.${c < 0 ? "" : c}`);
}

function cleanRows(name, parcel) {
  return Object.entries(parcel).filter(([key, held]) => !["cells", "cleaning_log", "tried"].includes(key) && held.of(name).length)
    .map(([key, held]) => {
      const columns = held.names().filter((c) => !["USUBJID", "S", "SRCROW", "STUDYID"].includes(c));
      const rows = held.of(name);
      if (rows.length === 1)
        return folded(key, facts(columns.map((c) => [named(`clean/${key}`, c), held.text(c, rows[0])])));
      const used = columns.filter((c) => rows.some((row) => held.get(c, row) !== null));
      return folded(`${key} (${rows.length})`, plainTable([...used.map((c) => named(`clean/${key}`, c)), "Raw row"], rows.map((row) => [
        ...used.map((c) => held.text(c, row)), placeLink(name, held.get("S", row), held.get("SRCROW", row), "")]), key));
    });
}
