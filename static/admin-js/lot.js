// The form of a lot: what it would do is said while somebody types, and what is wrong is said where it stands.
// The server judges (lots/admin/lot_live.py), by the rules that count when it is saved.

import { ready } from "./parts.js";

/** @typedef {{sentences: string[], warnings: string[], errors: Record<string, string[]>}} Said */

const PAUSE = 300;
const columns = /** @type {HTMLElement | null} */ (document.querySelector("[data-live]"));
const form = /** @type {HTMLFormElement | null} */ (document.getElementById("parkinglot_form"));
/** @type {Set<string>} */ const touched = new Set();
let timer = 0;
let asked = 0;

if (columns && form) {
  form.addEventListener("input", (event) => typed(event.target));
  form.addEventListener("change", (event) => typed(event.target));
  document.addEventListener("formset:removed", () => soon());
  ready(form);
  if (!columns.querySelector("[data-says]")?.childElementCount) soon(); // a new lot: what the suggestion does
}

/** @param {EventTarget | null} target */
function typed(target) {
  const name = target instanceof Element ? target.getAttribute("name") : null;
  if (!name) return;
  touched.add(name);
  soon();
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
}

async function ask() {
  if (!form || !columns) return;
  const number = ++asked;
  const body = new FormData(form);
  try {
    const answer = await fetch(columns.dataset.live ?? "", { method: "POST", body });
    if (!answer.ok) return; // logged out, or the portal starts again: saving will say so
    /** @type {Said} */ const said = await answer.json();
    if (number === asked) show(said);
  } catch {
    // The same: what the page says is old by one change, and saving checks everything.
  }
}

/** @param {Said} said */
function show(said) {
  const about = /** @type {HTMLElement} */ (document.querySelector("[data-about]"));
  about.classList.toggle("old", !said.sentences.length);
  if (said.sentences.length) list("says", said.sentences);
  list("warnings", [...said.warnings, ...(said.errors[""] ?? [])]);
  const unknown = /** @type {HTMLElement} */ (about.querySelector("[data-unknown]"));
  unknown.hidden = Boolean(about.querySelector("[data-says]")?.childElementCount);
  for (const name of touched) showErrors(name, said.errors[name] ?? []);
}

/** Writes only what is new: a screen reader is not to hear all of it again.
 * @param {string} name @param {string[]} texts */
function list(name, texts) {
  const box = /** @type {HTMLElement} */ (document.querySelector(`[data-${name}]`));
  texts.forEach((text, at) => {
    const line = box.children[at] ?? box.appendChild(document.createElement("li"));
    if (line.textContent !== text) line.textContent = text;
  });
  while (box.childElementCount > texts.length) box.lastElementChild?.remove();
}

/** @param {string} name @param {string[]} texts */
function showErrors(name, texts) {
  const found = form?.elements.namedItem(name);
  const input = found instanceof RadioNodeList ? found[0] : found;
  if (!(input instanceof HTMLElement)) return;
  const row = input.closest(".fieldBox, .part-field, .form-row");
  if (!row) return;
  const id = `${input.id}_live`;
  row.querySelector(".errorlist")?.remove(); // what the server said at the last save is said anew
  document.getElementById(id)?.remove();
  row.classList.toggle("errors", texts.length > 0);
  row.closest(".form-row")?.classList.toggle("errors", texts.length > 0);
  if (!texts.length) {
    input.removeAttribute("aria-invalid");
    describe(input, id, false);
    return;
  }
  const box = document.createElement("ul");
  box.id = id;
  box.className = "errorlist";
  for (const text of texts) box.appendChild(document.createElement("li")).textContent = text;
  row.prepend(box);
  input.setAttribute("aria-invalid", "true");
  describe(input, id, true);
}

/** @param {HTMLElement} input @param {string} id @param {boolean} on */
function describe(input, id, on) {
  const ids = new Set((input.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  ids.delete(`${input.id}_error`);
  if (on) ids.add(id);
  else ids.delete(id);
  if (ids.size) input.setAttribute("aria-describedby", [...ids].join(" "));
  else input.removeAttribute("aria-describedby");
}
