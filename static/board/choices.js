// What can be chosen for a call: a colleague, a place, one of one's own talks.

import { duration } from "./clock.js";
import { arranged } from "./shelf.js";
import { callerName, say, slotLabel } from "./words.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./types.js").Lot} Lot */
/** @typedef {import("./picker.js").Line} Line */
/** @typedef {{uniqueid: string, phone: number, name: string, number: string, seconds: number}} Talk */

/** The one whom the call is for comes first: a press on Enter then.
 * @param {Store} store @param {number | null} forPhone @returns {Line[]} */
export function colleagues({ colleagues: all }, forPhone) {
  const lines = [...all.filter(({ id }) => id === forPhone), ...all.filter(({ id }) => id !== forPhone)];
  return lines.map(({ id, name, number }) => ({ id: String(id), words: name || number, beside: name && number }));
}

/** @param {Store} store @returns {Line[]} */
export const zones = ({ zones: all }) =>
  all.map(({ id, label, repeats }) => ({ id: String(id), words: label, beside: repeats ? say("pick.repeats", { count: repeats + 1 }) : "" }));

/** The next free slot of each other lot, then every free slot. An id is "lot/slot"; no slot: the next free one.
 * @param {Store} store @param {Lot} from @returns {Line[]} */
export function places(store, from) {
  const open = arranged(store.lots.values()).filter((lot) => lot.may_park && free(lot).length > 0);
  const lots = [...open.filter((lot) => lot === from), ...open.filter((lot) => lot !== from)];
  const any = lots
    .filter((lot) => lot !== from)
    .map((lot) => ({ id: `${lot.id}/`, words: name(lot), beside: say("pick.next_free") }));
  const each = lots.flatMap((lot) =>
    free(lot).map((slot) => ({ id: `${lot.id}/${slot}`, words: slotLabel(slot, lot.names[slot]), beside: name(lot) })),
  );
  return [...any, ...each];
}

/** Each talk into each lot where this person may park. An id is "talk/lot".
 * @param {Store} store @param {Talk[]} talks @returns {Line[]} */
export function talksIntoLots(store, talks) {
  const lots = arranged(store.lots.values()).filter((lot) => lot.may_park);
  return talks.flatMap((talk) =>
    lots.map((lot) => ({
      id: `${talk.uniqueid}/${lot.id}`,
      words: say("pick.talk", { caller: callerName(talk), lot: name(lot) }),
      beside: duration(talk.seconds),
    })),
  );
}

/** @param {Lot} lot */
const name = (lot) => lot.label || lot.name;

/** @param {Lot} lot */
function free({ first, last, calls }) {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at).filter((slot) => !calls.has(slot));
}
