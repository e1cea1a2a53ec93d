// Why a command failed, kept with the call it was about for as long as a person needs to read it.

import { toast } from "./announce.js";

const SHOWN = 20_000;
const SHORTEST = 8_000;

/** These say that the call is gone, or about to be: its tile is the wrong place for the sentence. */
const ABOUT_GONE = ["taken", "caller_left", "timed_out", "moved", "not_parked", "cancelled"];

export class Notices {
  /** @type {Map<string, {words: string, lot: number, since: number, timer: number}>} */ #notices = new Map();

  /** @param {(lot: number) => void} redraw */
  constructor(redraw) {
    this.redraw = redraw;
  }

  /** @param {string} code */
  static belongsInTile(code) {
    return !ABOUT_GONE.includes(code);
  }

  /** @param {{uniqueid: string, lot: number}} call @param {string} words */
  add({ uniqueid, lot }, words) {
    this.remove(uniqueid);
    const timer = setTimeout(() => {
      this.remove(uniqueid);
      this.redraw(lot);
    }, SHOWN);
    this.#notices.set(uniqueid, { words, lot, since: performance.now(), timer });
  }

  /** @param {string} uniqueid */
  of(uniqueid) {
    return this.#notices.get(uniqueid)?.words ?? "";
  }

  /** @param {string} uniqueid */
  remove(uniqueid) {
    clearTimeout(this.#notices.get(uniqueid)?.timer);
    this.#notices.delete(uniqueid);
  }

  /** The tile that showed a sentence is empty now; one that nobody had time to read goes on at the foot.
   * @param {import("./types.js").Happening[]} happenings */
  callsLeft(happenings) {
    for (const { kind, call } of happenings) {
      const notice = kind === "left" ? this.#notices.get(call.uniqueid) : undefined;
      if (!notice) continue;
      if (performance.now() - notice.since < SHORTEST) toast(notice.words, "bad");
      this.remove(call.uniqueid);
    }
  }
}
