// The form of hold music: only the fields of the chosen source are shown, and recordings are moved up and down.

/** @type {Record<string, string[]>} */
const FIELDS = { existing: ["name"], uploads: ["sort"], directory: ["directory", "sort"], stream: ["stream", "decoder"] };
const ALL = ["name", "directory", "stream", "decoder", "sort"];
const kind = /** @type {HTMLSelectElement | null} */ (document.getElementById("id_kind"));
const group = /** @type {HTMLElement | null} */ (document.getElementById("tracks-group"));
const buttons = /** @type {HTMLTemplateElement | null} */ (document.getElementById("track-buttons"));

function showFields() {
  if (!kind) return;
  const wanted = FIELDS[kind.value] ?? ALL;
  for (const name of ALL) {
    const row = /** @type {HTMLElement | null} */ (document.querySelector(`.form-row.field-${name}`));
    if (row?.querySelector("input, select")) row.hidden = !wanted.includes(name);
  }
  if (group) group.hidden = kind.value !== "uploads";
}

/** @returns {HTMLElement[]} */
const rows = () =>
  [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('#tracks-group [id^="tracks-"]'))].filter((row) =>
    /^tracks-\d+$/.test(row.id),
  );

/** @param {HTMLElement} row @returns {HTMLInputElement | null} */
const position = (row) => row.querySelector('input[name$="-position"]');

function number() {
  const all = rows();
  for (const [index, row] of all.entries()) {
    const field = position(row);
    if (field) field.value = String(index + 1);
    row.querySelectorAll("[data-move]").forEach((button) => {
      const target = index + Number(button.getAttribute("data-move"));
      /** @type {HTMLButtonElement} */ (button).disabled = target < 0 || target >= all.length;
    });
  }
}

/** @param {HTMLElement} row */
function dress(row) {
  const field = position(row);
  if (!field || !buttons || row.querySelector(".track-buttons")) return;
  field.after(document.importNode(buttons.content, true));
  for (const button of row.querySelectorAll("[data-move]")) {
    const title = button.getAttribute("title") ?? "";
    button.setAttribute("aria-label", title);
    button.addEventListener("click", () => move(row, /** @type {HTMLButtonElement} */ (button)));
  }
}

/** @param {HTMLElement} row @param {HTMLButtonElement} button */
function move(row, button) {
  const all = rows();
  const step = Number(button.dataset.move);
  const other = all[all.indexOf(row) + step];
  if (!other) return;
  if (step < 0) other.before(row);
  else other.after(row);
  number();
  const next = button.disabled ? row.querySelector("[data-move]:not(:disabled)") : button;
  /** @type {HTMLElement | null} */ (next)?.focus();
}

if (kind) {
  kind.addEventListener("change", showFields);
  showFields();
}
rows().forEach(dress);
if (rows().length) number();
for (const name of ["formset:added", "formset:removed"]) {
  document.addEventListener(name, () => {
    rows().forEach(dress);
    number();
  });
}
