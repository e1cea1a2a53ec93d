// What can be chosen for a call: a colleague, a place, one of one's own talks.

import { duration } from "./clock.js";
import { arranged } from "./shelf.js";
import { callerName, say, slotLabel } from "./words.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./types.js").Lot} Lot */
/** @typedef {import("./picker.js").Line} Line */
/** @typedef {{uniqueid: string, phone: number, name: string, number: string, seconds: number, pbx?: number}} Talk
 * `pbx` 0: there is but one */

/** The one whom the call is for comes first: a press on Enter then.
 * @param {Store} store @param {import("./types.js").Place} place @returns {Line[]} */
export function colleagues(store, { lot, call: { for_phone: forPhone } }) {
  const all = store.colleaguesNear(lot);
  const lines = [...all.filter(({ id }) => id === forPhone), ...all.filter(({ id }) => id !== forPhone)];
  return lines.map(({ id, name, number }) => ({ id: String(id), words: name || number, beside: name && number }));
}

/** @param {Store} store @param {Lot} lot @returns {Line[]} */
export const zones = (store, lot) =>
  store.zonesNear(lot).map(({ id, label, repeats }) => ({ id: String(id), words: label, beside: repeats ? say("pick.repeats", { count: repeats + 1 }) : "" }));

/** The next free slot of each other lot, then every free slot. An id is "lot/slot"; no slot: the next free one.
 * @param {Store} store @param {Lot} from @returns {Line[]} */
export function places(store, from) {
  const near = [...store.lots.values()].filter((lot) => lot.pbx === from.pbx);
  const open = arranged(near).filter((lot) => lot.may_park && free(lot).length > 0);
  const lots = [...open.filter((lot) => lot === from), ...open.filter((lot) => lot !== from)];
  const any = lots
    .filter((lot) => lot !== from)
    .map((lot) => ({ id: `${lot.id}/`, words: name(lot), beside: say("pick.next_free") }));
  const each = lots.flatMap((lot) =>
    free(lot).map((slot) => ({ id: `${lot.id}/${slot}`, words: slotLabel(slot, lot.names[slot]), beside: name(lot) })),
  );
  return [...any, ...each];
}

/** Each talk into each lot of its PBX that will do, and for who types into each free slot. An id is "talk/lot/slot".
 * @param {Store} store @param {Talk[]} talks @param {(lot: Lot) => boolean} will @returns {Line[]} */
export function talksIntoLots(store, talks, will) {
  const lots = arranged(store.lots.values()).filter((lot) => lot.may_park && will(lot));
  const pairs = talks.flatMap((talk) => lots.filter((lot) => isNear(talk, lot)).map((lot) => ({ talk, lot })));
  const any = pairs.map(({ talk, lot }) => ({
    id: `${talk.uniqueid}/${lot.id}/`,
    words: say("pick.talk", { caller: callerName(talk), lot: name(lot) }),
    beside: duration(talk.seconds),
  }));
  const each = pairs.flatMap(({ talk, lot }) =>
    free(lot).map((slot) => ({
      id: `${talk.uniqueid}/${lot.id}/${slot}`,
      words: say("pick.talk", { caller: callerName(talk), lot: slotLabel(slot, lot.names[slot]) }),
      beside: name(lot),
      typed: true,
    })),
  );
  return [...any, ...each];
}

/** A call does not change its PBX. @param {Talk} talk @param {Lot} lot */
export const isNear = ({ pbx }, lot) => !pbx || pbx === lot.pbx;

/** @param {Lot} lot */
const name = (lot) => lot.label || lot.name;

/** @param {Lot} lot */
function free({ first, last, calls }) {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at).filter((slot) => !calls.has(slot));
}
