// How a person has arranged their lots: pinned ones first, then those they serve, then the others; some folded away.

import { recall, remember } from "./remember.js";

/** @typedef {import("./types.js").Lot} Lot */

const CLOSED = "lots-closed";
const PINNED = "lots-pinned";

/** @param {string} key @returns {Set<number>} */
function numbers(key) {
  try {
    return new Set(JSON.parse(recall(key, "[]")));
  } catch {
    return new Set();
  }
}

/** @param {string} key @param {number} id */
function toggle(key, id) {
  const known = numbers(key);
  if (!known.delete(id)) known.add(id);
  remember(key, JSON.stringify([...known]));
}

export const isClosed = (/** @type {number} */ id) => numbers(CLOSED).has(id);
export const isPinned = (/** @type {number} */ id) => numbers(PINNED).has(id);
export const toggleClosed = (/** @type {number} */ id) => toggle(CLOSED, id);
export const togglePinned = (/** @type {number} */ id) => toggle(PINNED, id);

/** @param {Iterable<Lot>} lots in the server's order, which decides among equals @returns {Lot[]} */
export function arranged(lots) {
  const pinned = numbers(PINNED);
  const rank = (/** @type {Lot} */ lot) => (pinned.has(lot.id) ? 0 : lot.may_retrieve ? 1 : 2);
  return [...lots].sort((one, two) => rank(one) - rank(two));
}
