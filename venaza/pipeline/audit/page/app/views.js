// One view at a time, chosen by the address; a link leads to a number, a patient or a raw cell.

const VIEWS = ["run", "flow", "patients", "numbers", "queries", "files"];
const TITLE = document.title;

function showView(name) {
  for (const view of VIEWS) document.getElementById(view).parentElement.hidden = view !== name;
  for (const link of document.querySelectorAll("header ~ nav a")) {
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${document.getElementById(name).textContent} · ${TITLE}`;
}

function land(element) {
  for (const old of document.querySelectorAll(".landed")) old.classList.remove("landed");
  if (!element) return;
  for (let e = element.parentElement; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
  element.classList.add("landed");
  const focus = element.matches("[tabindex], a") ? element : element.querySelector("a");
  focus?.focus({ preventScroll: true });
  element.scrollIntoView({ block: element.matches("td, .box") ? "center" : "start", inline: "nearest" });
}

function absent(name) {
  const note = document.getElementById("absent");
  note.textContent = name ? `There is no "${name}" on this page: it may be of another export.` : "";
  note.hidden = !name;
}

// Kind of address -> shows it and gives the element to land on, or null where it is not there.
const PLACES = {
  async ard(target) {
    const { ard } = core.tables;
    const i = ard.rows().find((row) => anchor("ard", ard.get("ard_id", row)) === target);
    if (i === undefined) return null;
    showView("numbers");
    return numbersView().show(i);
  },
  async patient(target) {
    const i = core.patients.findIndex((name) => anchor("patient", name) === target);
    return i < 0 ? null : openPatient(i);
  },
  async cell(target) {
    const i = core.patients.findIndex((name) => target.startsWith(anchor("cell", `${name}/`)));
    if (i < 0) return null;
    await openPatient(i);
    return document.getElementById(target);
  },
  async from(target) {
    const [, column] = target.match(/\/([^/]*)$/);
    const i = core.patients.findIndex((name) => anchor("from", `${name}/${column}`) === target);
    if (i < 0) return null;
    await openPatient(i);
    return document.getElementById(await cellFrom(core.patients[i], column));
  },
  async file(target) { showView("files"); return showFile(target); },
  async stage(target) { showView("files"); await filesView(); return document.getElementById(target); },
  async flow(target) {
    flowView();
    const name = [...flow.boxes.keys()].find((box) => anchor("flow", box) === target);
    if (name === undefined) return null;
    showView("flow");
    showBox(name);
    return document.getElementById(target);
  },
};

async function openPatient(i) {
  showView("patients");
  return (await patientsView()).show(i);
}

// The cell that a column of the clean patients table came from.
async function cellFrom(name, column) {
  const { patients: clean, cells } = await parcelOf(name), [row] = clean.of(name);
  const own = cells.of(name).find((k) => cells.text("OF", k).split(" ").includes(column));
  const at = own === undefined ? [clean.get("S", row), clean.get("SRCROW", row), ""]
    : ["S", "SRCROW", "C"].map((part) => cells.get(part, own));
  return cellAnchor(name, cellOf(at.join(".")));
}

const FIRST = { flow: flowView, patients: patientsView, numbers: numbersView, queries: queriesView, files: filesView };

async function route() {
  let name = location.hash.slice(1);
  try { name = decodeURIComponent(name); } catch { /* a lone % is part of the name */ }
  document.body.dataset.ready = "";
  absent("");
  if (name === "main") document.getElementById("main").focus();
  else if (!name || VIEWS.includes(name)) {
    showView(name || "run");
    await FIRST[name]?.();
    land(null);
    scrollTo(0, 0);
  } else {
    const place = PLACES[name.split("-")[0]];
    const found = place ? await place(name) : null;
    if (found) land(found);
    else { if (!document.body.dataset.view) showView("run"); absent(name); }
  }
  document.body.dataset.ready = name || "run";
}

async function start() {
  if (!("DecompressionStream" in window)) {
    absent("");
    const note = document.getElementById("absent");
    note.hidden = false;
    note.textContent = "This browser is too old to unpack the data of this page; one of 2023 or later can.";
    return;
  }
  document.getElementById("main").prepend(el("p", { id: "absent", class: "alarm", role: "status", hidden: true }));
  await loadCore();
  addEventListener("hashchange", route);
  await route();
}

start();
