// Recordings in the admin: how far their conversion is, without a reload; a file that is too large is named at once.

/** @typedef {{state: string, words: string, error: string, percent: number, length: string, src: string}} Facts */

const AGAIN = 1000;
const OPEN = new Set(["waiting", "working"]);

/** @returns {HTMLElement[]} the states on this page that will change by themselves */
const open = () =>
  [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-audio]"))].filter((cell) =>
    OPEN.has(cell.dataset.state ?? ""),
  );

/** @param {HTMLElement} cell @param {Facts} now */
function show(cell, now) {
  const id = cell.dataset.audio ?? "";
  const part = (/** @type {string} */ name) => /** @type {any} */ (cell.querySelector(name));
  cell.dataset.state = now.state;
  if (part("[data-words]").textContent !== now.words) part("[data-words]").textContent = now.words;
  part("[data-error]").textContent = now.error;
  part("progress").value = now.percent;
  part("progress").hidden = !OPEN.has(now.state);
  for (const length of document.querySelectorAll(`[data-audio-length="${CSS.escape(id)}"]`)) {
    length.textContent = now.length || "–";
  }
  if (!now.src) return;
  for (const player of document.querySelectorAll(`[data-audio-player="${CSS.escape(id)}"]`)) {
    if (player.getAttribute("src") !== now.src) player.setAttribute("src", now.src);
    player.removeAttribute("hidden");
  }
}

async function ask() {
  const cells = open();
  if (!cells.length) return;
  const ids = new Set(cells.map((cell) => `id=${cell.dataset.audio}`));
  try {
    const answer = await fetch(`${cells[0].dataset.status}?${[...ids].join("&")}`, {
      headers: { accept: "application/json" },
    });
    if (answer.status === 403 || answer.redirected) return; // logged out meanwhile
    if (answer.ok) {
      /** @type {Record<string, Facts>} */ const now = await answer.json();
      for (const cell of cells) {
        const facts = now[cell.dataset.audio ?? ""];
        if (facts) show(cell, facts);
        else cell.dataset.state = "gone";
      }
    }
  } catch {
    // the portal is away for a moment; ask again
  }
  setTimeout(ask, AGAIN);
}

/** @param {Event} event */
function chosen(event) {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || !field.dataset.maxBytes) return;
  const size = field.files?.[0]?.size ?? 0;
  field.setCustomValidity(size > Number(field.dataset.maxBytes) ? (field.dataset.tooBig ?? "") : "");
  field.reportValidity();
}

document.addEventListener("change", chosen);
ask();
