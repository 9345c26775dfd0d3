// Remembers the language, sorts tables, opens what is folded. The page works without this.
const every = (what, within = document) => [...within.querySelectorAll(what)];
const root = document.documentElement, title = document.querySelector("title");

// --- language: remembered, and what is at the top of the window stays there ---
const tongues = every("input[name=lang]");
const store = { get() { try { return localStorage.getItem("evenground-lang"); } catch { return null; } },
  set(value) { try { localStorage.setItem("evenground-lang", value); } catch { /* private window */ } } };
function speak(lang) {
  root.lang = lang;
  document.title = title.dataset[lang];
  for (const tongue of tongues) tongue.checked = tongue.value === lang;
}
const topmost = () => every("h2, article, figure, summary, tr").find(each => each.getBoundingClientRect().bottom > 64 && each.checkVisibility());
let seen, place;
function hold() {
  seen = scrollY > 0 ? topmost() : undefined;
  place = seen?.getBoundingClientRect().top;
}
for (const name of ["pointerdown", "keydown"]) document.querySelector(".tongue")?.addEventListener(name, hold);
for (const tongue of tongues) tongue.addEventListener("change", () => {
  speak(tongue.value);
  store.set(tongue.value);
  if (seen) scrollBy({ top: seen.getBoundingClientRect().top - place });
});
const first = new URLSearchParams(location.search).get("lang") || store.get() || (navigator.language || "en").slice(0, 2);
speak([...tongues].some(tongue => tongue.value === first) ? first : root.lang);

// --- folded parts: a link opens what it leads to, print opens everything ---
const folded = () => every("details:not([open])");
function arrive() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const shut = every("details").filter(each => each.contains(target) && !each.open);
  for (const each of shut) each.open = true;
  if (shut.length) target.scrollIntoView();
}
addEventListener("hashchange", arrive);
arrive();
let closed = [];
addEventListener("beforeprint", () => { closed = folded(); for (const each of closed) each.open = true; });
addEventListener("afterprint", () => { for (const each of closed) each.open = false; });
const acts = {
  print: () => print(),
  open: button => {
    const opens = button.getAttribute("aria-pressed") !== "true";
    for (const each of every("details")) each.open = opens;
    button.setAttribute("aria-pressed", opens);
  },
};
for (const button of every("button[hidden]")) {
  button.hidden = false;
  button.addEventListener("click", () => acts[button.dataset.act ?? "print"](button));
}

// --- tables: sorted by a click on a head, reached with the keyboard only where they scroll ---
const number = text => { const found = text.replace(/[,\s$]/g, "").replace("−", "-").match(/^[+-]?\d+(\.\d+)?/); return found && +found[0]; };
function cellAt(row, column) {
  let at = 0;
  return [...row.cells].find(cell => (at += cell.colSpan) > column);
}
function sort(table, head, column) {
  const numbers = every("tbody tr", table).some(row => number(cellAt(row, column)?.innerText ?? "") !== null);
  const ways = ["none", ...(numbers ? ["descending", "ascending"] : ["ascending", "descending"])];
  const way = ways[(ways.indexOf(head.getAttribute("aria-sort") ?? "none") + 1) % 3];
  for (const each of every("th[aria-sort]", table)) each.removeAttribute("aria-sort");
  if (way !== "none") head.setAttribute("aria-sort", way);
  const sign = way === "ascending" ? 1 : -1;
  for (const body of table.tBodies) {
    const rows = [...body.rows].filter(row => row.cells[0].scope !== "rowgroup");
    rows.forEach((row, at) => { row.dataset.at ??= at; });
    const key = new Map(rows.map(row => [row, cellAt(row, column)]));
    const text = row => key.get(row)?.classList.contains("no") ? "" : key.get(row)?.innerText.trim() ?? "";
    const compare = (a, b) => {
      if (way === "none") return a.dataset.at - b.dataset.at;
      const [x, y] = [text(a), text(b)], [m, n] = [number(x), number(y)];
      if (!x || !y) return !x - !y;
      return sign * (m !== null && n !== null ? m - n : x.localeCompare(y, root.lang));
    };
    body.append(...rows.sort(compare));
  }
}
for (const table of every("table")) {
  if (every("tbody tr", table).length < 4) continue;
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(table, head, column));
    head.append(button);
  });
}
const reach = new ResizeObserver(all => { for (const { target } of all) {
  if (target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight) target.tabIndex = 0;
  else target.removeAttribute("tabindex");
} });
for (const each of every(".scroll")) reach.observe(each);
