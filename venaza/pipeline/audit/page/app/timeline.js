// A patient's time line: marks that differ in shape as well as colour, and the endpoints under it.

const INK = "var(--ink)", BLUE = "#0072B2", RED = "#D55E00", GREEN = "#009E73", PINK = "#CC79A7", GREY = "var(--edge)";

// Kind -> [words for the key, shape, colour, filled]
const LOOKS = {
  diagnosis: ["Diagnosis", "circle", INK, false],
  index: ["Index date", "play", INK, true],
  cycle: ["Cycle", "bar", BLUE, true],
  remission: ["Remission", "circle", GREEN, true],
  response: ["Other response", "circle", GREEN, false],
  no_response: ["No response", "cross", RED, true],
  not_evaluable: ["Not evaluable", "dot", GREY, true],
  mrd: ["MRD", "square", PINK, true],
  mrd_negative: ["MRD negative", "square", PINK, false],
  failure: ["Failure", "down", RED, true],
  stop: ["Stop for toxicity", "stop", RED, true],
  therapy: ["Next therapy", "plus", BLUE, true],
  transplant: ["Transplant", "star", BLUE, true],
  death: ["Death", "cross", INK, true],
  contact: ["Last date known alive", "arrow", INK, false],
};
const ENDS = {
  0: ["Event", "diamond", RED, true],
  1: ["Censored", "tick", INK, false],
  2: ["Competing event", "diamond", INK, false],
};

function shape(name, x, y, colour, solid, size = 5) {
  const s = size, style = { fill: solid ? colour : "var(--paper)", stroke: colour, "stroke-width": 1.6 };
  const path = (d, more = {}) => draw("path", { d, ...style, ...more });
  const open = { fill: "none", "stroke-width": 2.2 };
  switch (name) {
    case "circle": return draw("circle", { cx: x, cy: y, r: s, ...style });
    case "dot": return draw("circle", { cx: x, cy: y, r: s / 2, ...style });
    case "square": return draw("rect", { x: x - s + 0.5, y: y - s + 0.5, width: 2 * s - 1, height: 2 * s - 1, ...style });
    case "diamond": return path(`M${x} ${y - s - 1}L${x + s + 1} ${y}L${x} ${y + s + 1}L${x - s - 1} ${y}z`);
    case "down": return path(`M${x - s} ${y - s}h${2 * s}L${x} ${y + s}z`);
    case "play": return path(`M${x - s + 2} ${y - s}v${2 * s}L${x + s + 2} ${y}z`);
    case "cross": return path(`M${x - s} ${y - s}L${x + s} ${y + s}M${x - s} ${y + s}L${x + s} ${y - s}`, open);
    case "plus": return path(`M${x - s} ${y}H${x + s}M${x} ${y - s}V${y + s}`, open);
    case "tick": return path(`M${x} ${y - s - 1}V${y + s + 1}`, open);
    case "stop": return path(`M${x} ${y - s}V${y + s}M${x - s} ${y - s}H${x + s}`, open);
    case "arrow": return path(`M${x - s} ${y}H${x + s}M${x} ${y - s}L${x + s} ${y}L${x} ${y + s}`, open);
    case "bar": return draw("rect", { x: x - s, y: y - 3, width: 2 * s, height: 6, fill: colour });
    default: {
      const points = Array.from({ length: 10 }, (_, i) => {
        const r = i % 2 ? s / 2 : s + 1.5, a = (i * Math.PI) / 5 - Math.PI / 2;
        return `${(x + r * Math.cos(a)).toFixed(2)},${(y + r * Math.sin(a)).toFixed(2)}`;
      });
      return draw("polygon", { points: points.join(" "), ...style });
    }
  }
}

function lookOf(event) {
  if (event.kind !== "response") return event.kind;
  if (core.study.remission.includes(event.mark)) return "remission";
  if (core.study.overall.includes(event.mark)) return "response";
  return event.mark === "NE" ? "not_evaluable" : "no_response";
}

function eventsOf(courses, patient) {
  return courses.of(patient).map((row) => ({
    kind: courses.get("KIND", row), day: courses.get("ADY", row), end: courses.get("ENDY", row),
    mark: courses.text("MARK", row), said: courses.text("SAID", row), cell: courses.get("CELL", row),
  }));
}

// What is drawn: not the milestones that repeat a response, nor a last contact that is the death.
function marksOf(events) {
  const died = events.find((e) => e.kind === "death");
  return events.filter((e) => e.kind !== "milestone" && !(e.kind === "contact" && died && e.day === died.day));
}

// Days to places; what lies far before the index date is drawn at the edge.
function scaleOf(events, from, to, more = []) {
  const days = events.flatMap((e) => [e.day, e.end ?? e.day]).concat(more, 0);
  const first = Math.max(Math.min(...days), -60), last = Math.max(...days, first + 30);
  const at = (day) => from + ((Math.max(day, first) - first) / (last - first)) * (to - from);
  return { at, first, last };
}

const NOT_IN_LANES = ["mrd", "mrd_negative", "index"];

// The small drawing in the list: cycles, responses, failure, next therapy, end. All patients of
// the list share its scale, so that their courses can be compared.
function lane(events, width, longest) {
  const high = 22, middle = high / 2;
  const scale = scaleOf([{ day: longest }], 9, width - 9, [-60]);
  const made = draw("svg", { class: "lane", width, height: high, viewBox: `0 0 ${width} ${high}`, "aria-hidden": "true" });
  made.append(draw("path", { d: `M${scale.at(0)} ${middle}H${scale.at(Math.max(0, ...events.map((e) => e.day)))}`, stroke: "var(--edge)" }));
  for (const event of marksOf(events)) {
    if (NOT_IN_LANES.includes(event.kind)) continue;
    const [, name, colour, solid] = LOOKS[lookOf(event)];
    const x = scale.at(event.day);
    if (event.kind === "cycle")
      made.append(draw("rect", { x, y: middle - 2.5, width: Math.max(2, scale.at(event.end ?? event.day + 1) - x - 0.6), height: 5, fill: colour }));
    else made.append(shape(name, x, middle, colour, solid, event.kind === "response" ? 3 : 4.5));
  }
  return made;
}

const LANES = [
  ["Course", ["diagnosis", "index", "failure", "stop", "death", "contact"]],
  ["Cycles", ["cycle"]],
  ["Response", ["response"]],
  ["MRD", ["mrd", "mrd_negative"]],
  ["Next therapy", ["therapy", "transplant"]],
];
const GUTTER = 104, ROW = 34, WORDS = 250;

function timeline(patient, events, endpoints, wide) {
  const width = Math.max(wide, 860);
  const drawn = marksOf(events);
  const lanes = LANES.filter(([, kinds]) => drawn.some((e) => kinds.includes(e.kind)));
  const left = GUTTER + 10, right = width - WORDS;
  const scale = scaleOf(drawn, left, right, endpoints.flatMap((e) => [e.start, e.end]));
  const base = 12 + lanes.length * ROW;
  const height = base + endpoints.length * 24 + 52;
  const svg = draw("svg", { class: "timeline", width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": `Time line of ${patient}; the tables below say the same in words` });
  drawAxis(svg, patient, scale, left, right, height);
  lanes.forEach(([name, kinds], i) =>
    drawLane(svg, name, drawn.filter((e) => kinds.includes(e.kind)), scale, 12 + i * ROW + 14, left, right));
  endpoints.forEach((endpoint, i) => drawEndpoint(svg, endpoint, scale, base + i * 24 + 12, right));
  return svg;
}

function drawAxis(svg, patient, scale, left, right, height) {
  const month = core.study.month, all = (scale.last - scale.first) / month;
  const step = [1, 2, 3, 6, 12, 24, 36, 60].find((s) => (all / s) * 76 <= right - left) || 120;
  const y = height - 38;
  svg.append(draw("path", { d: `M${left} ${y}H${right}`, stroke: INK }));
  for (let m = Math.ceil(scale.first / month / step) * step; m * month <= scale.last; m += step) {
    const x = scale.at(m * month), day = Math.round(m * month);
    svg.append(draw("path", { d: `M${x} 8V${y}`, stroke: "var(--line)" }), draw("path", { d: `M${x} ${y}v5`, stroke: INK }),
      draw("text", { x, y: y + 17, "text-anchor": "middle" }, String(m)),
      draw("text", { x, y: y + 32, "text-anchor": "middle", class: "small" }, dateOn(patient, day) || `day ${day}`));
  }
  svg.append(draw("text", { x: 0, y: y + 17 }, "Months"), draw("text", { x: 0, y: y + 32, class: "small" },
    dateOn(patient, 0) ? "Date" : "Day"));
}

function drawLane(svg, name, events, scale, y, left, right) {
  svg.append(draw("text", { x: 0, y: y + 4 }, name), draw("path", { d: `M${left} ${y}H${right}`, stroke: "var(--line)" }));
  const taken = { up: -99, down: -99 };
  for (const event of events) {
    const [, form, colour, solid] = LOOKS[lookOf(event)];
    const x = scale.at(event.day), early = event.day < scale.first;
    const group = draw("g", {}, draw("title", {}, `${event.said}, day ${event.day}`));
    if (event.kind === "cycle") {
      const to = scale.at(event.end ?? event.day + 1);
      group.append(draw("rect", { x, y: y - 6, width: Math.max(3, to - x - 1), height: 12, fill: BLUE }));
    } else group.append(shape(form, x, y, colour, solid));
    const words = early ? `${event.said}, day ${event.day}` : event.kind === "cycle" || !event.mark ? "" : event.mark;
    const text = words.length > 30 ? `${words.slice(0, 29)}…` : words;
    const half = early ? 0 : text.length * 3.1;
    const side = x - half > taken.up ? "up" : x - half > taken.down ? "down" : null;
    if (text && side) {
      taken[side] = x + (early ? text.length * 6.2 : half) + 4;
      group.append(draw("text", { x, y: side === "up" ? y - 8 : y + 17, class: "small", "text-anchor": early ? "start" : "middle" }, text));
    }
    svg.append(group);
  }
}

function drawEndpoint(svg, endpoint, scale, y, right) {
  const from = scale.at(endpoint.start), to = scale.at(endpoint.end);
  const [, form, colour, solid] = ENDS[endpoint.status];
  const words = `${endpoint.days} d: ${endpoint.outcome}`;
  svg.append(draw("g", {}, draw("title", {}, `${endpoint.code}: ${words}`),
    draw("text", { x: 0, y: y + 4, class: "strong" }, endpoint.code),
    draw("path", { d: `M${from} ${y}H${to}M${from} ${y - 4}v8`, stroke: INK, "stroke-width": 2 }),
    shape(form, to, y, colour, solid),
    draw("text", { x: right + 16, y: y + 4, class: "small" }, words.length > 42 ? `${words.slice(0, 41)}…` : words)));
}

// What the marks of these kinds mean, and the ends of these endpoints.
function keyTo(kinds, endpoints = []) {
  const looks = Object.entries(LOOKS).filter(([kind]) => kinds.includes(kind)).map(([, look]) => look);
  const ends = [0, 1, 2].filter((status) => endpoints.some((e) => e.status === status)).map((s) => ENDS[s]);
  return el("ul", { class: "key", "aria-label": "Key to the marks" }, ...[...looks, ...ends].map(([words, form, colour, solid]) =>
    el("li", {}, draw("svg", { width: 16, height: 16, "aria-hidden": "true" }, shape(form, 8, 8, colour, solid)), ` ${words}`)));
}
