// The picture: which slots are shown, where, and how large. Where all slots fit each has its place for good; else
// callers stand in the order of their slots, and free slots are a number at the foot.

import { byId, write } from "../board/parts.js";
import { say } from "../board/words.js";
import { Bay } from "./bay.js";
import { allFit, fit, roomFor } from "./fit.js";

/** @typedef {import("../board/types.js").Lot} Lot */
/** @typedef {import("../board/types.js").Call} Call */
/** @typedef {{lot: Lot, slot: number, call: Call | null}} Place */

/** Lots of which each has its own line at the foot. */
const NAMED = 8;

export class Wall {
  /** @type {Map<string, Bay>} */ #bays = new Map();
  #room = 0;
  /** @type {import("../board/store.js").Store | null} */ store = null;

  constructor() {
    this.root = /** @type {HTMLElement} */ (byId("bays"));
    this.frame = /** @type {HTMLElement} */ (byId("frame"));
  }

  /** @param {import("../board/store.js").Store} store @param {number} now */
  draw(store, now) {
    const { lots } = store;
    this.store = store;
    drawFree([...lots.values()]); // first: it takes some of the room
    const { clientWidth: width, clientHeight: height } = this.frame;
    const all = [...lots.values()].flatMap((lot) => placesOf(lot, store.returning(lot.id)));
    const calls = all.filter(({ call }) => call);
    const every = allFit(all.length, width, height);
    if (!every) this.#room = roomFor(calls.length, this.#room);
    const { columns, rows, unit } = fit(every ? all.length : this.#room, width, height);
    const shown = every ? all : rows ? longest(calls, this.#room) : calls;
    for (const [name, value] of Object.entries({ columns, rows, unit: `${unit.toFixed(2)}px` })) {
      this.root.style.setProperty(`--${name}`, String(value));
    }
    this.root.classList.toggle("long", rows === 0);
    this.#place(shown, lots.size > 1, now);
    byId("nobody").hidden = calls.length > 0 || every;
    const hidden = calls.length - shown.filter(({ call }) => call).length;
    write(byId("more"), hidden ? say("wall.more", { count: hidden }) : "");
  }

  /** @param {number} now */
  tick(now) {
    for (const bay of this.#bays.values()) bay.tick(Math.min(now, bay.lostSince));
  }

  /** @param {Place[]} places @param {boolean} several whether tiles must say whose slot it is @param {number} now */
  #place(places, several, now) {
    const wanted = new Map(places.map((place) => [`${place.lot.id} ${place.slot}`, place]));
    for (const [key, bay] of this.#bays) {
      if (wanted.has(key)) continue;
      bay.node.remove();
      this.#bays.delete(key);
    }
    let at = 0;
    for (const [key, { lot, slot, call }] of wanted) {
      const bay = this.#bays.get(key) ?? new Bay(lot, slot);
      this.#bays.set(key, bay);
      bay.lot = lot;
      if (this.root.children[at] !== bay.node) this.root.insertBefore(bay.node, this.root.children[at] ?? null);
      at++;
      bay.show(call, [several ? lot.label || lot.name : "", lot.names[slot] ?? ""].filter(Boolean).join(" · "));
      bay.lostSince = this.store?.lostSince(lot) ?? Infinity;
      bay.node.classList.toggle("unheard", bay.lostSince !== Infinity);
      bay.tick(Math.min(now, bay.lostSince));
    }
  }
}

/** Every slot of the range in order, then the calls outside of it. Who went back is shown where nobody else is now.
 * @param {Lot} lot @param {Call[]} returning @returns {Place[]} */
function placesOf(lot, returning) {
  const range = Array.from({ length: Math.max(0, lot.last - lot.first + 1) }, (_, index) => lot.first + index);
  const outside = [...lot.calls.keys()].filter((slot) => slot < lot.first || slot > lot.last);
  return [...range, ...outside.sort((one, two) => one - two)].map((slot) => {
    return { lot, slot, call: lot.calls.get(slot) ?? returning.find((back) => back.slot === slot) ?? null };
  });
}

/** When not all fit: those who wait longest, still in the order of their slots.
 * @param {Place[]} calls @param {number} room */
function longest(calls, room) {
  if (calls.length <= room) return calls;
  const since = (/** @type {Place} */ { call }) => call?.waiting_since ?? 0;
  const chosen = new Set([...calls].sort((one, two) => since(one) - since(two)).slice(0, room));
  return calls.filter((place) => chosen.has(place));
}

/** How many slots are free: lot by lot; of many lots in all, and the full ones by name.
 * @param {Lot[]} lots */
function drawFree(lots) {
  const counts = lots.map((lot) => ({ lot: lot.label || lot.name, ...freeOf(lot) }));
  const named = counts.length > NAMED ? counts.filter(({ free }) => free === 0).slice(0, NAMED - 1) : counts;
  const lines = named.map((each) => ({ full: each.free === 0, words: say(each.free ? "wall.free" : "wall.full", each) }));
  if (counts.length > NAMED) {
    const sum = (/** @type {"free" | "total"} */ what) => counts.reduce((all, each) => all + each[what], 0);
    lines.unshift({ full: false, words: say("wall.free_in_all", { free: sum("free"), total: sum("total") }) });
  }
  const list = byId("free");
  const said = lines.map(({ words }) => words).join("\n");
  if (list.dataset.said === said) return;
  list.dataset.said = said;
  list.replaceChildren(
    ...lines.map(({ full, words }) => {
      const line = document.createElement("li");
      line.textContent = words;
      line.classList.toggle("full", full);
      return line;
    }),
  );
}

/** @param {Lot} lot */
function freeOf(lot) {
  const total = Math.max(0, lot.last - lot.first + 1);
  const inside = [...lot.calls.keys()].filter((slot) => slot >= lot.first && slot <= lot.last);
  return { free: total - inside.length, total };
}
