// Remembers the language, opens everything for print. The page works without this.
const root = document.documentElement, title = document.querySelector("title");
const tongues = document.querySelectorAll("input[name=lang]");
const store = { get() { try { return localStorage.getItem("evenground-lang"); } catch { return null; } },
  set(value) { try { localStorage.setItem("evenground-lang", value); } catch { /* private window */ } } };
function speak(lang) {
  root.lang = lang;
  document.title = title.dataset[lang];
  for (const tongue of tongues) tongue.checked = tongue.value === lang;
}
for (const tongue of tongues) tongue.addEventListener("change", () => { speak(tongue.value); store.set(tongue.value); });
const first = new URLSearchParams(location.search).get("lang") || store.get() || (navigator.language || "en").slice(0, 2);
speak([...tongues].some(tongue => tongue.value === first) ? first : "en");
let closed = [];
addEventListener("beforeprint", () => { closed = [...document.querySelectorAll("details:not([open])")]; for (const each of closed) each.open = true; });
addEventListener("afterprint", () => { for (const each of closed) each.open = false; });
for (const button of document.querySelectorAll("button[hidden]")) { button.hidden = false; button.addEventListener("click", () => print()); }
