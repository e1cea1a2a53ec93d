// A nudge when a caller has waited half of their time, and again shortly before they go back. Off until switched on.

import { ageOf } from "./clock.js";
import { byId } from "./parts.js";
import { recall, remember } from "./remember.js";
import { beep, readySound } from "./sound.js";

/** @typedef {import("./types.js").Place} Place */

const KEY = "nudge";
const SHOWN = 8_000;
const RANKS = ["fresh", "long", "soon"];

export class Nudge {
  /** How old each call was when it was looked at last. @type {Map<string, number>} */ #ranks = new Map();

  constructor() {
    const on = byId("nudge");
    on.checked = recall(KEY) === "on";
    on.addEventListener("change", () => {
      remember(KEY, on.checked ? "on" : "off");
      if (on.checked) beep(1); // what it will sound like; the click allows it
    });
    if (on.checked) readySound();
  }

  /**
   * Once a second.
   *
   * @param {Place[]} places of lots this person serves, that nobody takes
   * @param {number} now
   */
  look(places, now) {
    const before = this.#ranks;
    this.#ranks = new Map(places.map(({ lot, call }) => [call.uniqueid, RANKS.indexOf(ageOf(call, now, lot).age)]));
    // A call that is new to the page has said nothing yet: its age is no news.
    const older = places.filter(({ call: { uniqueid: id } }) => this.#rank(id) > (before.get(id) ?? this.#rank(id)));
    if (!older.length || !byId("nudge").checked) return;
    for (const { call } of older) pulse(call.uniqueid);
    beep(Math.max(...older.map(({ call }) => this.#rank(call.uniqueid))));
  }

  /** @param {string} uniqueid */
  #rank(uniqueid) {
    return this.#ranks.get(uniqueid) ?? 0;
  }
}

/** @param {string} uniqueid */
function pulse(uniqueid) {
  for (const node of document.querySelectorAll(`[data-uniqueid="${CSS.escape(uniqueid)}"]`)) {
    node.classList.add("nudged");
    setTimeout(() => node.classList.remove("nudged"), SHOWN);
  }
}
