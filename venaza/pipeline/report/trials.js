// Filters the table of trials by lineage, Ph status and setting; without it the whole table shows.
document.addEventListener("DOMContentLoaded", () => {
  const table = document.querySelector("table.trials");
  if (!table) return;
  const rows = [...table.querySelectorAll("tbody tr[data-lineage]")];
  const names = { lineage: say("Lineage"), ph: say("Ph status"), setting: say("Setting") };
  const words = { RR: "R/R", positive: say("positive"), negative: say("negative"), either: say("either") };
  const bar = document.createElement("div");
  bar.className = "trial-filter";
  const told = document.createElement("output");
  const parts = (row, name) => (row.dataset[name] ? row.dataset[name].split(" or ") : [""]);
  const choices = Object.entries(names).map(([name, label]) => {
    const select = document.createElement("select");
    const values = [...new Set(rows.flatMap((row) => parts(row, name)))].sort();
    const options = values.filter(Boolean).map((v) => [`=${v}`, words[v] || v]);
    if (values.includes("")) options.push(["=", say("not stated")]);
    for (const [value, text] of [["", say("all")], ...options]) select.add(new Option(text, value));
    const outer = document.createElement("label");
    outer.append(`${label} `, select);
    bar.append(outer);
    select.addEventListener("change", show);
    return [name, select];
  });
  function show() {
    let seen = 0;
    for (const row of rows) {
      const fits = choices.every(([name, s]) => !s.value || parts(row, name).includes(s.value.slice(1)));
      row.hidden = !fits;
      seen += fits;
    }
    told.textContent = say("{n} of {all} rows").replace("{n}", seen).replace("{all}", rows.length);
  }
  bar.append(told);
  table.before(bar);
  show();
});
