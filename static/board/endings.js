// How a command went, told where it is seen: in the call's tile, at the foot of the page, or by a screen reader alone.

import { announce, toast } from "./announce.js";
import { isRinging } from "./commands.js";
import { Notices } from "./notices.js";

/** @typedef {import("./commands.js").Command} Command */
/** @typedef {import("./commands.js").End} End */

/** The tile shows that these are done: more would be noise, two hundred times a day. */
const SEEN = ["answered", "page_stopping", "held", "given_back", "noted", "extended"];
const PLAIN = ["ended_early", "paged", "page_stopped", "notified", "cancelled", "parked_demo", "nobody_waiting", "moved_to", "ended"];

/**
 * @param {import("./store.js").Store} store
 * @param {Notices} notices
 * @param {(lot: number) => void} draw
 */
export function endings(store, notices, draw) {
  return {
    going: (/** @type {Command} */ command) => {
      notices.remove(command.uniqueid);
      if (isRinging(command.kind) && command.lot) announce(command.words);
      draw(command.lot);
    },
    ended: (/** @type {Command} */ command, /** @type {End} */ end) => {
      const stays = store.call(command.lot, command.slot)?.uniqueid === command.uniqueid;
      if (end.failed && stays && Notices.belongsInTile(end.code)) {
        notices.add(command, end.words);
        announce(end.words);
      } else if (SEEN.includes(end.code)) announce(end.words);
      else toast(end.words, PLAIN.includes(end.code) ? "plain" : end.failed ? "bad" : "good");
      draw(command.lot);
    },
  };
}
