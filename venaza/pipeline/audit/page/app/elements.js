// Elements of the page. What the hospital wrote only ever becomes text.

function el(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  return filled(made, given, children);
}

// The name space of drawings is that of the graph which the page came with.
function draw(tag, given = {}, ...children) {
  const space = document.querySelector("svg").namespaceURI;
  return filled(document.createElementNS(space, tag), given, children);
}

function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== "" && child !== false);
}

function filled(made, given, children) {
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...present(children));
  return made;
}

function link(target, ...text) {
  return el("a", { href: `#${encodeURIComponent(target)}` }, ...text);
}

function patientLink(name) {
  return core.place.has(name) ? link(anchor("patient", name), name) : name || "";
}

function cellLink(patient, reference) {
  const cell = cellOf(reference);
  return cell ? link(cellAnchor(patient, cell), cellText(cell)) : "";
}

// The name of a column with what it is below it.
function named(table, column) {
  const label = core.labels[table]?.[column];
  return el("span", {}, column, label ? el("small", { class: "gloss" }, label) : "");
}

// An id that may break after a point or a dash below, and nowhere else.
function breakable(name) {
  return name.split(/(?<=[._])(?=.)/).flatMap((part, i) => (i ? [el("wbr"), part] : [part]));
}

function facts(pairs) {
  const list = el("dl");
  for (const [name, value] of pairs)
    if (value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && !value.length))
      list.append(el("dt", {}, name), filled(el("dd"), {}, [value]));
  return list;
}

// A table in a box that scrolls by itself. A column is a name, or [name, "number"].
function plainTable(columns, rows, label) {
  const kinds = columns.map((c) => (Array.isArray(c) ? c[1] : null));
  const head = columns.map((c) => el("th", { scope: "col", class: Array.isArray(c) ? c[1] : null },
    Array.isArray(c) ? c[0] : c));
  const lines = rows.map((row) => el("tr", {}, ...row.map((value, i) =>
    value instanceof HTMLTableCellElement ? value
      : el("td", { class: kinds[i] }, value === null ? "" : value))));
  return el("div", { class: "wide", tabindex: 0, role: "region", "aria-label": label },
    el("table", {}, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...lines)));
}

function counted(n, noun, many = `${noun}s`) { return n === 1 ? `1 ${noun}` : `${n.toLocaleString("en-GB")} ${many}`; }

function folded(title, content, open = false) {
  return el("details", { open }, el("summary", {}, el("span", {}, title)), el("div", {}, content));
}
