// What a tile, a line and a lot are told beside the call itself.

import { actionsFor } from "./actions.js";

/**
 * @typedef {object} Known
 * @property {import("./store.js").Store} store
 * @property {import("./commands.js").Commands} commands
 * @property {import("./notices.js").Notices} notices
 * @property {import("./next.js").TakeNext} next
 * @property {() => boolean} isLive
 * @property {() => number} time of the picture
 */

/** @param {Known} known @returns {import("./lots.js").Around} */
export function surroundings({ store, commands, notices, next, isLive, time }) {
  const timeOf = (/** @type {import("./types.js").Lot} */ lot) => Math.min(time(), store.lostSince(lot));
  return {
    card: (lot, call) => ({
      mayRetrieve: lot.may_retrieve,
      mayMore: call !== null && actionsFor({ lot, call }, store).length > 0,
      mine: call !== null && store.isMine(call),
      live: isLive() && store.isHeard(lot),
      heard: store.isHeard(lot),
      lot,
      now: timeOf(lot),
      going: call && commands.of(call.uniqueid),
      notice: call ? notices.of(call.uniqueid) : "",
    }),
    returning: (lot) => store.returning(lot),
    canTakeNext: (lot) => next.can(lot),
    now: timeOf,
  };
}
