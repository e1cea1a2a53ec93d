// On every page of the administration: times in the reader's own time zone.

const DAY = 24 * 60 * 60 * 1000;
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const near = new Intl.RelativeTimeFormat(document.documentElement.lang || undefined, { numeric: "auto" });

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
  element.setAttribute("title", when.toLocaleString());
  element.textContent = spoken(when);
}
