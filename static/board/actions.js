// What can be done with a parked caller beside Retrieve: one line here is a line in the menu and a key. A new action is
// a line here, its words `menu.<name>` in dashboard/words.py, and what it does in desk.js.

/** @typedef {import("./types.js").Place} Place */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {{name: string, key: string, can: (place: Place, store: Store) => boolean}} Action */

/** @type {Action[]} in the menu's order */
export const ACTIONS = [
  { name: "send", key: "s", can: ({ lot, call }, store) => free(call, store) && lot.may_retrieve && hasColleagues(lot, store) },
  { name: "note", key: "e", can: ({ lot }) => lot.may_retrieve },
  { name: "notify", key: "i", can: ({ lot }, store) => lot.may_retrieve && hasColleagues(lot, store) },
  { name: "page", key: "g", can: ({ lot, call }, store) => Boolean(lot.may_page) && store.zonesNear(lot).length > 0 && !store.paging.has(call.uniqueid) },
  { name: "stop_page", key: "g", can: ({ lot, call }, store) => Boolean(lot.may_page) && store.paging.has(call.uniqueid) },
  { name: "claim", key: "c", can: ({ lot, call }) => lot.may_retrieve && call.state === "parked" },
  { name: "unclaim", key: "c", can: ({ lot, call }, store) => lot.may_retrieve && store.isMine(call) },
  { name: "move", key: "v", can: ({ lot, call }, store) => free(call, store) && lot.may_retrieve && mayParkNear(lot, store) },
  { name: "more_time", key: "t", can: (place, store) => store.takeable(place) && place.call.timeout_at !== null },
  { name: "earlier", key: "h", can: ({ call }, store) => Boolean(store.me.may_look_back) && Boolean(call.caller.number) },
  { name: "end", key: "", can: ({ lot, call }, store) => free(call, store) && Boolean(lot.may_end) },
];

/** The action a key stands for, with this call, now. @param {string} key @param {Place} place @param {Store} store */
export const actionOf = (key, place, store) => actionsFor(place, store).find((one) => one.key === key);

/** What can be done with a call now, beside Retrieve. Who is on the way back can only be retrieved.
 * @param {Place} place @param {Store} store */
export const actionsFor = (place, store) => (place.call.state === "returning" ? [] : ACTIONS.filter(({ can }) => can(place, store)));

/** Nobody else is taking it. @param {import("./types.js").Call} call @param {Store} store */
const free = (call, store) => call.state === "parked" || store.isMine(call);

/** @param {import("./types.js").Lot} lot @param {Store} store */
const mayParkNear = (lot, store) => [...store.lots.values()].some((one) => one.may_park && one.pbx === lot.pbx);

/** @param {import("./types.js").Lot} lot @param {Store} store */
const hasColleagues = (lot, store) => store.colleaguesNear(lot).length > 0;
