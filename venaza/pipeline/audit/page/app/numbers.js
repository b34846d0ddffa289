// The numbers: the list, and what one is made of: method, population, definition, rows.

let numbers = null;

function numbersView() {
  if (numbers) return numbers;
  const { ard } = core.tables;
  const group = (i) => core.study.groups[ard.text("group", i)] || ard.text("group", i) || "all";
  const term = (i) => [ard.text("endpoint", i), ard.text("term", i)].filter(Boolean).join(", ");
  numbers = new List({
    n: ard.n, label: "numbers", noun: "number",
    id: (i) => anchor("ard", ard.get("ard_id", i)),
    columns: [
      { name: "Number", head: true, cell: (i) => link(anchor("ard", ard.get("ard_id", i)), el("code", {}, breakable(ard.get("ard_id", i)))) },
      { name: "Printed", kind: "number", cell: (i) => el("strong", {}, ard.text("display", i)) },
      { name: "Unit", cell: (i) => ard.text("unit", i) },
      { name: "Group", cell: group },
      { name: "Of", cell: term },
      { name: "Statistic", cell: (i) => ard.text("statistic", i).replaceAll("_", " ") },
      { name: "Analysis", cell: (i) => ard.text("analysis", i).replaceAll("_", " ") },
    ],
    search: (i) => ["ard_id", "display", "unit", "analysis", "statistic", "method", "reason", "population"]
      .map((c) => ard.text(c, i)).concat(group(i), term(i)).join(" "),
    choices: [
      { name: "Analysis", values: ard.distinct("analysis"), of: (i) => ard.text("analysis", i) },
      { name: "Endpoint", values: ard.distinct("endpoint"), of: (i) => ard.text("endpoint", i) },
      { name: "Group", values: [...new Set(ard.rows().map(group))], of: group },
    ],
    open: numberDetail,
  });
  document.getElementById("numbers-view").replaceChildren(numbers.element);
  return numbers;
}

// The rows behind a number, picked by its selection: [{patient, row}] and the table they are of.
async function behind(i) {
  const selection = core.selections[core.tables.ard.get("SELECTION", i)];
  const held = await table(selection.table);
  if (selection.table === "ard")
    return { selection, held, rows: held.rows().filter((row) => fits(held, row, selection.where)).map((row) => ({ patient: null, row })) };
  const { adsl } = core.tables;
  const members = adsl.rows().filter((row) => fits(adsl, row, selection.members));
  const rows = [];
  for (const place of members) {
    const patient = core.patients[place];
    let own = selection.table === "adsl" ? (fits(adsl, place, selection.where) ? [place] : [])
      : held.of(patient).filter((row) => fits(held, row, selection.where));
    if (!own.length && selection.otherwise) own = held.of(patient).filter((row) => fits(held, row, selection.otherwise));
    for (const row of own) rows.push({ patient, row });
    if (selection.every && !own.length) rows.push({ patient, row: null });
  }
  return { selection, held, rows, members: members.length };
}

function fits(held, row, conditions) {
  return conditions.every(([column, operator, wanted]) => {
    let value = null;
    for (const name of column.split("|")) value ??= held.get(name, row);
    if (operator === "none") return value === null;
    if (operator === "some") return value !== null;
    if (value === null) return operator === "or none" || operator === "starts not";
    if (operator === "=" || operator === "or none") return typeof value === "number" ? value === Number(wanted) : value === String(wanted);
    if (operator === "in") return wanted.includes(value);
    if (operator === "starts") return String(value).startsWith(wanted);
    if (operator === "starts not") return !String(value).startsWith(wanted);
    if (operator === "lists") return `, ${value.replace(/^.*?: |\)$/g, "")}, `.includes(`, ${wanted}, `);
    return operator === "<=" ? value <= wanted : value >= wanted;
  });
}

// A column of a row behind a number; what the table lacks is the patient's.
function valueOf(found, { patient, row }, column) {
  if (column === "USUBJID") return patient;
  if (column === "CHANGEDY") return core.tables.adsl.get(found.selection.change, core.place.get(patient));
  if (found.held.has(column)) return row === null ? null : found.held.get(column, row);
  return patient === null ? null : core.tables.adsl.get(column, core.place.get(patient));
}

async function numberDetail(i) {
  const { ard } = core.tables, said = (c) => ard.text(c, i);
  const [found, documents] = await Promise.all([behind(i), unpack("printed")]);
  const endpoint = core.study.endpoints[said("endpoint")];
  const value = ard.get("value", i);
  const patients = new Set(found.rows.map((r) => r.patient)).size;
  const account = found.selection.table === "ard" ? counted(found.rows.length, "number")
    : `${counted(found.rows.length, "row")} of ${counted(patients, "patient")}` +
      (patients < found.members ? ` among ${found.members}` : "");
  const { references } = found.selection;
  const whole = references ? "Published numbers" : { adsl: "Patients", ard: "Numbers of this study" }[found.selection.table] || "Analysis rows";
  const files = ["statistics/ard", found.selection.table === "ard" ? null : `endpoints/${found.selection.table}`, "endpoints/adsl"];
  return [
    el("p", { class: "printed" }, el("strong", {}, said("display")), " ", said("unit"), " ", copier(said("ard_id"))),
    facts([
      ["Value", value === null ? "" : `${value} ${said("unit")}`], ["No value", said("reason")],
      ["Statistic", `${said("statistic").replaceAll("_", " ")} (${said("analysis").replaceAll("_", " ")})`],
      ["Method", said("method")],
      ["A month", said("unit") === "months" ? `${core.study.month} days` : ""],
      ["Population", `${flagged(said("population"))}, ${said("group") ? `${said("group_variable")} = ${said("group")}` : "all patients"}` +
        (found.members === undefined ? "" : `: ${counted(found.members, "patient")}`)],
      ["Of", said("term")], ["Time", said("time") ? `${said("time")} days` : ""],
      ["Definition", endpoint ? `${endpoint[0]}. ${endpoint[1]}` : ""], ["Source", endpoint ? endpoint[2] : ""],
      ["Read from", (references || []).join(", ")],
      ["Printed in", printedIn(documents, said("ard_id"))],
      ["Files", [...new Set(files.filter(Boolean))].map((name, i) => el("span", {}, i ? " · " : "",
        link(anchor("file", `${name}.parquet`), `${name}.parquet`), " and ", link(anchor("file", `${name}.csv`), ".csv")))],
    ]),
    el("h4", {}, `${whole}: ${account}`),
    behindList(found).element,
  ];
}

// A flag of ADSL by what it says, then by its name.
function flagged(name) {
  const label = core.labels["endpoints/adsl"]?.[name];
  return label ? `${label} (${name})` : name;
}

// The places of a number in the report, each a link back to it.
function printedIn(documents, name) {
  const links = documents.flatMap(([document, places]) => (places[name] || []).map((place, n) => el("a", {
    href: `../report/${document}.html#${encodeURIComponent(anchor("ard", name) + (n ? `/${n + 1}` : ""))}` },
  documents.length > 1 ? `${document}, ${place}` : place)));
  if (!documents.length) return "";
  return links.length ? links.flatMap((one, i) => (i ? [" · ", one] : [one])) : "nowhere in the report";
}

function copier(name) {
  const said = el("output", { class: "soft", "aria-live": "polite" });
  const copy = async () => {
    try { await navigator.clipboard.writeText(name); said.textContent = " copied"; } catch { said.textContent = ` ${name}`; }
  };
  return el("span", { class: "copy" }, el("button", { type: "button", onclick: copy }, "Copy its id"), said);
}

function behindList(found) {
  const shown = found.selection.columns.filter((c) => c !== "USUBJID");
  const isNumber = (c) => typeof (found.held.distinct(c)[0] ?? core.tables.adsl.distinct(c)[0]) === "number";
  const title = (c) => named(`endpoints/${found.held.has(c) ? found.selection.table : "adsl"}`, c);
  const columns = shown.map((c) => ({ name: c, title: title(c), kind: isNumber(c) ? "number" : null, cell: (k) => {
    const value = valueOf(found, found.rows[k], c);
    if (value === null) return "";
    if (c === "CNSR") return `${value} ${OUTCOMES[value]}`;
    return c === "ard_id" ? link(anchor("ard", value), value) : String(value);
  } }));
  if (found.selection.table !== "ard") {
    columns.unshift({ name: "Patient", head: true, cell: (k) => patientLink(found.rows[k].patient) });
    columns.push({ name: "Raw cell", cell: (k) => cellBehind(found, found.rows[k]) });
  }
  const text = (k) => [found.rows[k].patient, ...shown.map((c) => valueOf(found, found.rows[k], c))].join(" ");
  return new List({ n: found.rows.length, size: 50, columns, label: "rows behind the number",
    search: found.rows.length > 12 ? text : null });
}

function cellBehind(found, { patient, row }) {
  if (found.selection.table !== "adsl")
    return row === null ? "" : cellLink(patient, found.held.get("CELL", row));
  const column = found.selection.columns.find((c) => (core.headers[c] || []).length === 1);
  return column ? link(anchor("from", `${patient}/${column}`), core.headers[column][0]) : "";
}
