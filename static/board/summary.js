// One line for a glance, and the number of callers in the browser's tab.

import { duration, serverNow } from "./clock.js";
import { byId, write } from "./parts.js";
import { say } from "./words.js";

/** @param {import("./types.js").Call[]} calls the longest waiting first @param {boolean} live */
export function summarise(calls, live) {
  const count = calls.length;
  const longest = count ? duration(Math.floor((serverNow() - calls[0].waiting_since) / 1000)) : "";
  const code = count === 0 ? "none" : count === 1 ? "one" : "many";
  write(byId("summary"), say(`frame.waiting_${code}`, { count, longest }));
  document.title = count && live ? say("frame.title_waiting", { count }) : say("frame.title");
}
