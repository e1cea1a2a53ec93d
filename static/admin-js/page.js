// On every page of the administration: times in the reader's own time zone.

import { locale } from "../locale.js";

const DAY = 24 * 60 * 60 * 1000;
const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });
const near = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

/** @param {Date} when */
function spoken(when) {
  const today = new Date();
  today.setHours(0, 0, 0, 0);
  const days = Math.floor((when.getTime() - today.getTime()) / DAY);
  const day = days === 0 || days === -1 ? near.format(days, "day") : date.format(when);
  return `${day}, ${clock.format(when)}`;
}

for (const element of document.querySelectorAll("time[data-local]")) {
  const when = new Date(/** @type {HTMLTimeElement} */ (element).dateTime);
  if (Number.isNaN(when.getTime())) continue;
  element.setAttribute("title", when.toLocaleString(locale));
  element.textContent = spoken(when);
}

// Where the row of sections does not fit, the one we are in is in sight.
const sections = document.querySelector(".sections ul");
const here = sections?.querySelector("[aria-current]");
if (sections && here instanceof HTMLElement) {
  sections.scrollLeft = Math.max(0, here.offsetLeft - (sections.clientWidth - here.offsetWidth) / 2);
}

// On small screens a row is a card (css/admin-narrow.css): each value then says which column it is of.
for (const table of document.querySelectorAll(".results table")) {
  const heads = [...table.querySelectorAll("thead th")].map((head) => {
    const words = head.querySelector(".text") ?? head;
    return head.classList.contains("action-checkbox-column") ? "" : (words.textContent ?? "").trim();
  });
  for (const row of table.querySelectorAll("tbody tr")) {
    [...row.children].forEach((cell, at) => {
      const value = (cell.textContent ?? "").trim();
      if (cell instanceof HTMLElement && cell.tagName === "TD" && heads[at]) cell.dataset.column = heads[at];
      if (cell instanceof HTMLElement && (value === "–" || value === "-")) cell.dataset.empty = "";
    });
  }
}
