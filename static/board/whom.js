// For whom a call is: a colleague, when what was typed names one, or just a name.

import { byId } from "./parts.js";
import { nameAndNumber } from "./words.js";

/** @typedef {{note: string, for_name: string, for_phone: number | null}} Written */

/**
 * A colleague's name, with or without the number, means that colleague; one that several have means none of them.
 *
 * @param {import("./drafts.js").Draft} typed
 * @param {import("./types.js").Call} call
 * @param {import("./types.js").Phone[]} colleagues
 * @returns {Written}
 */
export function written({ note, whom }, call, colleagues) {
  if (whom === call.for_name) return { note, for_name: whom, for_phone: call.for_phone };
  const found = named(whom, colleagues);
  return { note, for_name: found?.name || whom, for_phone: found?.id ?? null };
}

/** The one colleague of that name, number, or both. @param {string} typed @param {import("./types.js").Phone[]} colleagues */
export function named(typed, colleagues) {
  const name = typed.toLowerCase();
  const found = colleagues.filter((one) =>
    [nameAndNumber(one), one.name, one.number].some((words) => name && words.toLowerCase() === name),
  );
  return found.length === 1 ? found[0] : null;
}

/** What the field suggests. @param {import("./types.js").Phone[]} colleagues */
export function offer(colleagues) {
  const list = byId("note-colleagues");
  const names = colleagues.map(nameAndNumber);
  if (list.dataset.names === names.join("\n")) return; // an open list must not close because of other news
  list.dataset.names = names.join("\n");
  list.replaceChildren(...names.map((name) => new Option("", name)));
}
