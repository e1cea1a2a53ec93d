// What a tile, a line and a lot are told beside the call itself.

import { ACTIONS } from "./actions.js";

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
  return {
    card: (lot, call) => ({
      mayRetrieve: lot.may_retrieve,
      mayMore: call !== null && ACTIONS.some(({ can }) => can({ lot, call }, store)),
      mine: call !== null && store.isMine(call),
      live: isLive(),
      now: time(),
      going: call && commands.of(call.uniqueid),
      notice: call ? notices.of(call.uniqueid) : "",
    }),
    canTakeNext: (lot) => next.can(lot),
    now: time,
  };
}
