// A word outside of the page, for who works in another window. Off until switched on; the browser asks for leave then.

import { byId } from "./parts.js";
import { recall, remember } from "./remember.js";
import { say } from "./words.js";

const KEY = "desktop";

const on = byId("desktop");
on.closest("label").hidden = !("Notification" in window);
on.checked = recall(KEY) === "on" && "Notification" in window && Notification.permission === "granted";
on.addEventListener("change", async () => {
  if (on.checked && (await Notification.requestPermission()) !== "granted") on.checked = false;
  remember(KEY, on.checked ? "on" : "off");
});

/** @param {string} words @param {string} [title] */
export function alertDesktop(words, title = say("inbox.title")) {
  if (!on.checked || document.hasFocus()) return;
  const note = new Notification(title, { body: words, tag: words });
  note.addEventListener("click", () => {
    window.focus();
    note.close();
  });
}
