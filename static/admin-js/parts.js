// What of the form is shown: the fields of a step's kind, the overflow lot only when it is used.

/** The fields that count for each kind of step; lots/admin/lot_parts_forms.py keeps only these.
 * @type {Record<string, string[]>} */
const FIELDS = {
  phone: ["phones", "seconds"],
  group: ["phones", "seconds"],
  voicemail: ["mailbox"],
  lot: ["target"],
  location: ["location"],
};
const OF_A_KIND = ["phones", "seconds", "mailbox", "target", "location"];
const MANY = 12;

/** @param {HTMLFormElement} form */
export function ready(form) {
  form.querySelectorAll(".parts-steps .part").forEach((part) => step(part));
  form.querySelectorAll(".choice-box").forEach((box) => searchable(box));
  whenFull(form);
  form.addEventListener("change", (event) => {
    const target = event.target;
    if (!(target instanceof HTMLSelectElement)) return;
    const part = target.closest(".parts-steps .part");
    if (part && target.name.endsWith("-kind")) step(part);
    if (target.name === "when_full") whenFull(form);
  });
  document.addEventListener("formset:added", (event) => {
    if (event.target instanceof Element) added(event.target);
  });
}

/** @param {Element} part */
function step(part) {
  const kind = /** @type {HTMLSelectElement | null} */ (part.querySelector('[name$="-kind"]'));
  if (!kind) return;
  for (const name of OF_A_KIND) {
    const field = /** @type {HTMLElement | null} */ (part.querySelector(`.field-${name}`));
    if (field) field.hidden = !(FIELDS[kind.value] ?? []).includes(name);
  }
}

/** A new step comes after the others, and the keyboard goes on in it.
 * @param {Element} part */
function added(part) {
  const group = part.closest(".parts-steps");
  if (group) {
    const places = [...group.querySelectorAll('.part:not(.empty-form) [name$="-position"]')];
    const own = part.querySelector('[name$="-position"]');
    const last = Math.max(0, ...places.filter((place) => place !== own).map((place) => Number(place.value) || 0));
    if (own instanceof HTMLInputElement) own.value = String(last + 1);
    step(part);
  }
  const first = part.querySelector("input:not([type=hidden]):not([name$='-position']), select");
  if (first instanceof HTMLElement) first.focus();
}

/** @param {HTMLFormElement} form */
function whenFull(form) {
  const choice = /** @type {HTMLSelectElement | null} */ (form.querySelector("#id_when_full"));
  const overflow = /** @type {HTMLElement | null} */ (form.querySelector(".fieldBox.field-overflow"));
  const box = overflow?.parentElement;
  if (choice && box) box.hidden = choice.value !== "overflow";
}

/** Many phones are found by typing.
 * @param {Element} box */
function searchable(box) {
  const choices = [...box.querySelectorAll("label")];
  if (choices.length <= MANY) return;
  const search = document.createElement("input");
  search.type = "search";
  search.setAttribute("aria-label", box.querySelector("legend")?.textContent ?? "");
  search.addEventListener("input", (event) => {
    event.stopPropagation();
    const wanted = search.value.trim().toLowerCase();
    for (const choice of choices) {
      const row = /** @type {HTMLElement} */ (choice.closest("div"));
      row.hidden = !(choice.textContent ?? "").toLowerCase().includes(wanted);
    }
  });
  box.querySelector("legend")?.after(search);
}
