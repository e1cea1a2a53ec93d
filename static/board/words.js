// The page's words, in the viewer's language, from the one block the server wrote (dashboard/words.py).

import { locale } from "../locale.js";

/** @typedef {import("./types.js").Party} Party */

/** @type {Record<string, string>} */
const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

/**
 * The sentence of a code, filled in. A missing value leaves no hole: "Your phone {phone} is busy" reads well without.
 *
 * @param {string} code for example "tile.state_free"
 * @param {Record<string, string | number>} [params]
 */
export function say(code, params = {}) {
  const sentence = words[code] ?? words["progress.unknown_code"].replace("{code}", code);
  return sentence
    .replace(/\{(\w+)\}/g, (_, name) => String(params[name] ?? ""))
    .replace(/ {2,}/g, " ")
    .trim();
}

/** @param {string} code */
export const knows = (code) => code in words;

const ordinals = new Intl.PluralRules(locale, { type: "ordinal" });

/** The how-manieth call of a caller it is today. @param {number} count */
export const nth = (count) => say(`tile.nth_${ordinals.select(count)}`, { count });

/** @param {Party} caller */
export const callerName = (caller) => caller.name || caller.number || say("tile.unknown_caller");

/** A slot as it is spoken of: by its number, and its name where it has one.
 * @param {number} slot @param {string | undefined} name */
export const slotLabel = (slot, name) => (name ? say("tile.slot_named", { slot, name }) : String(slot));

/** @param {Party & {device?: string}} party */
export function nameAndNumber(party) {
  if (party.name && party.number) return say("tile.name_and_number", { name: party.name, number: party.number });
  return party.name || party.number || party.device || "";
}
