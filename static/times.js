// Times of the past as the viewer's country writes them; the server knows their zone and language, not their country.

import { locale } from "./locale.js";

const clock = new Intl.DateTimeFormat(locale, {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

for (const element of document.querySelectorAll("time[data-clock]")) {
  const when = new Date(/** @type {HTMLTimeElement} */ (element).dateTime);
  if (!Number.isNaN(when.getTime())) element.textContent = clock.format(when);
}
