// The data of the page: unpacked where first asked for, read by row and column.
"use strict";

const unpacking = new Map();

function unpack(name) {
  if (!unpacking.has(name)) unpacking.set(name, unpacked(name));
  return unpacking.get(name);
}

async function unpacked(name) {
  const holder = document.getElementById(`data-${name}`);
  const text = atob(holder.textContent);
  holder.remove();
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

// Places as compressed_tables.py writes them: a character for each row, the first stands for a missing value.
function placesIn(text, rows) {
  const places = new Int32Array(rows);
  let row = 0;
  for (const letter of text) {
    const point = letter.codePointAt(0);
    places[row++] = (point < 0xd800 ? point : point - 0x800) - 0x5e;
  }
  return places;
}

class Table {
  constructor(packed) {
    this.n = packed.n;
    this.columns = packed.c;
    this.found = new Map();
  }
  has(column) { return column in this.columns; }
  get(column, row) {
    const place = this.has(column) ? this.places(column)[row] : -1;
    return place < 0 ? null : this.columns[column][0][place];
  }
  // Of each row the place of its value among the distinct ones, -1 where it is missing.
  places(column) {
    const held = this.columns[column];
    if (typeof held[1] === "string") held[1] = placesIn(held[1], this.n);
    return held[1];
  }
  text(column, row) {
    const value = this.get(column, row);
    return value === null ? "" : String(value);
  }
  distinct(column) { return this.has(column) ? this.columns[column][0] : []; }
  // The rows with each value of a column.
  by(column) {
    if (!this.found.has(column)) {
      const values = this.distinct(column);
      const lists = values.map(() => []);
      if (this.has(column)) this.places(column).forEach((place, row) => { if (place >= 0) lists[place].push(row); });
      this.found.set(column, new Map(values.map((value, i) => [value, lists[i]])));
    }
    return this.found.get(column);
  }
  of(patient) { return this.by("USUBJID").get(patient) || []; }
  names() { return Object.keys(this.columns); }
  rows() { return Array.from({ length: this.n }, (_, i) => i); }
}

const tables = new Map();

async function table(name) {
  if (core.tables[name]) return core.tables[name];
  if (!tables.has(name)) {
    const there = document.getElementById(`data-${name}`) || unpacking.has(name);
    tables.set(name, new Table(there ? await unpack(name) : { n: 0, c: {} }));
  }
  return tables.get(name);
}

let core = null;
const PARCEL = 100;

async function loadCore() {
  core = await unpack("core");
  for (const [name, packed] of Object.entries(core.tables)) core.tables[name] = new Table(packed);
  core.patients = core.tables.adsl.rows().map((row) => core.tables.adsl.get("USUBJID", row));
  core.place = new Map(core.patients.map((name, i) => [name, i]));
}

// The tables of the parcel that a patient is in.
async function parcelOf(patient) {
  const name = `parcel-${Math.floor(core.place.get(patient) / PARCEL)}`;
  const content = await unpack(name);
  for (const [key, value] of Object.entries(content))
    if (!(value instanceof Table)) content[key] = new Table(value);
  return content;
}

// An id may hold no white space; the pages that link here know the same rule.
function anchor(kind, key) { return `${kind}-${key.replace(/\s/g, "~")}`; }

// A raw cell named as SHEET.ROW.COLUMN by its places in the list of sheets.
function cellOf(reference) {
  if (!reference) return null;
  const [s, row, c] = reference.split(".");
  const sheet = core.sheets[s];
  const column = c === "" ? null : sheet.columns[c];
  return { s: +s, row: +row, c: c === "" ? null : +c, sheet, letters: column ? column[0] : "",
    header: column ? column[1] : "" };
}

function cellAnchor(patient, cell) {
  const { file, sheet } = cell.sheet;
  return anchor("cell", `${patient}/${file}/${sheet}/${cell.letters}${cell.row}`);
}

function cellText(cell) {
  const where = cell.sheet.sheet || cell.sheet.file;
  return cell.letters ? `${where} ${cell.letters}${cell.row}` : `${where} row ${cell.row}`;
}

function months(days) { return (days / core.study.month).toFixed(1); }

function dateOn(patient, day) {
  const index = core.tables.adsl.get("INDEXDT", core.place.get(patient));
  if (!index || day === null) return "";
  const date = new Date(`${index}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + day);
  return date.toISOString().slice(0, 10);
}
