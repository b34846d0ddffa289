// Numbers by keyboard: one tab stop for each paragraph or table, the arrow keys lead to the others.
// Without it each number is a tab stop.
{
  const groups = new Map(), groupOf = new Map();
  for (const number of document.querySelectorAll("a.ard")) {
    const block = number.closest("table, p, li, figcaption") || document.body;
    if (!groups.has(block)) groups.set(block, []);
    groups.get(block).push(number);
    groupOf.set(number, groups.get(block));
    number.tabIndex = groups.get(block).length > 1 ? -1 : 0;
  }
  document.addEventListener("focusin", ({ target }) => {
    for (const number of groupOf.get(target) || []) number.tabIndex = number === target ? 0 : -1;
  });
  document.addEventListener("keydown", (event) => {
    const group = groupOf.get(event.target), step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!group || !step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    group[group.indexOf(event.target) + step]?.focus();
  });
}
