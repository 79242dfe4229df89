
/* The page of the API: its calls are narrowed while one types, in the list and in the text. */
function narrow(wanted) {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (row) => words.every((word) => row.dataset.filterRow.toLowerCase().includes(word));
  for (const row of every("[data-filter-row]")) row.hidden = !has(row);
  for (const group of every("[data-filter-group]")) group.hidden = every("[data-filter-row]", group).every((row) => row.hidden);
  const left = every("li[data-filter-row]").filter((row) => !row.hidden).length;
  say(words.length ? `${left} calls` : "");
}

for (const list of every("[data-filter]")) {
  const label = list.dataset.filter;
  const box = make("input", { type: "search", placeholder: label, "aria-label": label, autocomplete: "off", spellcheck: "false" });
  box.addEventListener("input", () => narrow(box.value));
  list.prepend(make("div", { class: "docs-filter" }, box));
}
