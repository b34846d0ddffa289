// Search, choices, and links into folded parts. Without it the page shows everything.
"use strict";

function items(list) {
  return list.dataset.list === "tr" ? list.tBodies[0].rows : list.children;
}

function applyFilters(name) {
  const list = document.getElementById(name);
  const words = document.querySelector(`[data-search="${name}"]`).value
    .toLowerCase().split(/\s+/).filter(Boolean);
  const choices = [...document.querySelectorAll(`[data-choice="${name}"]`)]
    .filter((choice) => choice.value);
  let shown = 0;
  for (const item of items(list)) {
    const text = item.textContent.toLowerCase();
    const fits = words.every((word) => text.includes(word)) &&
      choices.every((c) => item.cells[c.dataset.column].textContent === c.value);
    item.hidden = !fits;
    shown += fits;
  }
  const total = items(list).length;
  const told = document.querySelector(`[data-count="${name}"]`);
  told.textContent = (shown === total ? told.dataset.all : told.dataset.some)
    .replace("{shown}", shown).replace("{total}", total);
}

function reveal() {
  let name = location.hash.slice(1);
  try { name = decodeURIComponent(name); } catch { /* a lone % is part of the name */ }
  const target = document.getElementById(name);
  if (!target) return;
  for (let e = target; e; e = e.parentElement) {
    if (e.tagName === "DETAILS") e.open = true;
    if (e.hidden) e.hidden = false;
  }
  if (target.matches("h2:has(+ details)")) target.nextElementSibling.open = true;
  target.scrollIntoView();
}

for (const list of document.querySelectorAll("[data-list]")) {
  if (!document.querySelector(`[data-search="${list.id}"]`)) continue;
  const update = () => applyFilters(list.id);
  document.querySelector(`[data-search="${list.id}"]`).addEventListener("input", update);
  for (const choice of document.querySelectorAll(`[data-choice="${list.id}"]`))
    choice.addEventListener("change", update);
  update();
}

let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("#patient-list > details:not([open])")];
  for (const part of folded) part.open = true;
});
addEventListener("afterprint", () => { for (const part of folded) part.open = false; });
addEventListener("hashchange", reveal);
reveal();
