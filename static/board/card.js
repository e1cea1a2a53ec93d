// A caller who is parked, on a tile or in a line of the list: the same facts, the same actions.

import { backWords } from "./back.js";
import { ageOf, duration } from "./clock.js";
import { byId, handOver, write } from "./parts.js";
import { callerName, nameAndNumber, nth, say } from "./words.js";

/** @typedef {import("./types.js").Call} Call */
/** @typedef {{kind: string, words: string, stopping: boolean}} Going a command of this page that rings a phone */
/** @typedef {{mayRetrieve: boolean, mayMore: boolean, mine: boolean, live: boolean, heard: boolean, lot: import("./types.js").Lot, now: number, going: Going | null,
 *   notice: string}} Surroundings */

/** A click so soon after the caller under it changed was meant for the one before. */
export const TOO_SOON = 500;

export class Card {
  /** @type {Call | null} */ #call = null;
  #mine = false;
  /** @type {Pick<import("./types.js").Lot, "long_after" | "soon_before">} */ #thresholds = {};
  #changed = -TOO_SOON;

  /** @param {HTMLElement} node @param {Record<string, any>} parts */
  constructor(node, parts) {
    this.node = node;
    this.parts = parts;
  }

  get justChanged() {
    return performance.now() - this.#changed < TOO_SOON;
  }

  /** @param {Call | null} call @param {Surroundings} around @param {string} slot as it is spoken of */
  show(call, around, slot) {
    const { node, parts } = this;
    if (this.#call && this.#call.uniqueid !== call?.uniqueid) this.#changed = performance.now();
    this.#call = call;
    this.#mine = around.mine;
    this.#thresholds = around.lot;
    node.dataset.state = call?.state ?? "free";
    node.dataset.uniqueid = call?.uniqueid ?? "";
    node.classList.toggle("unheard", !around.heard); // its PBX is not, though the board as a whole is live
    handOver(node, () => {
      parts.call.hidden = !call;
      if (call) this.#fill(call, around, slot);
    });
    this.tick(around.now);
  }

  /** @param {Call} call @param {Surroundings} around @param {string} slot */
  #fill(call, around, slot) {
    const { parts } = this;
    const caller = callerName(call.caller);
    const parker = nameAndNumber(call.parker);
    write(parts.caller, caller);
    if (parts.caller.title !== caller) parts.caller.title = caller; // a long name is cut off on the tile
    write(parts.callerNumber, call.caller.name ? call.caller.number : "");
    write(parts.earlier, call.earlier ? nth(call.earlier + 1) : "");
    parts.earlier.hidden = !call.earlier;
    parts.earlier.title = parts.earlier.textContent; // cut off beside a long number
    write(parts.parker, parker && say("tile.parked_by", { who: parker }));
    this.#memo(call, around.mayRetrieve && call.state !== "returning", say("tile.note_name", { caller, slot }));
    this.#action(call, around, caller, slot);
    write(parts.notice, around.notice);
    parts.notice.hidden = !around.notice;
    parts.about.classList.toggle("behind", Boolean(around.notice));
    this.node.classList.toggle("ours", Boolean(around.going) || around.mine);
  }

  /** @param {Call} call @param {boolean} mayWrite @param {string} name */
  #memo({ note, for_name }, mayWrite, name) {
    const { memo, whom, note: words, memoEmpty, memoEdit } = this.parts;
    write(whom, for_name && say("tile.for_whom", { name: for_name }));
    write(words, note);
    if (words.title !== note) words.title = note; // two lines of it are seen, all of it while the focus is here
    memo.dataset.has = for_name && note ? "both" : for_name ? "whom" : note ? "note" : "";
    memoEmpty.hidden = Boolean(for_name || note);
    memoEdit.hidden = !mayWrite;
    memoEdit.setAttribute("aria-label", name);
  }

  /** @param {Call} call @param {Surroundings} around @param {string} caller @param {string} slot */
  #action(call, { mayRetrieve, mayMore, mine, live, going }, caller, slot) {
    const { parts } = this;
    const taken = call.state === "claimed" && !mine && !going;
    parts.retrieve.hidden = !mayRetrieve || taken || Boolean(going);
    parts.times.hidden = call.state === "returning";
    parts.back.hidden = call.state !== "returning";
    parts.taking.hidden = !taken;
    parts.going.hidden = !going;
    parts.more.hidden = !mayMore || Boolean(going);
    // aria-disabled and not disabled: a disabled button would throw the keyboard's focus away.
    parts.retrieve.setAttribute("aria-disabled", String(!live));
    parts.stop.setAttribute("aria-disabled", String(!live || Boolean(going?.stopping)));
    parts.retrieve.setAttribute("aria-label", say("tile.retrieve_name", { caller, slot }));
    parts.stop.setAttribute("aria-label", say(going?.kind === "send" ? "tile.stop_send_name" : "tile.stop_name", { caller }));
    parts.more.setAttribute("aria-label", say("tile.more_name", { caller, slot }));
    write(parts.taking, say("tile.is_taking", { by: call.claimed_by || say("tile.somebody") }));
    write(parts.goingWords, going?.words ?? "");
  }

  /** Once a second: what time alone changes.
   * @param {number} now */
  tick(now) {
    const { node, parts } = this;
    const call = this.#call;
    if (!call) {
      delete node.dataset.age;
      return this.#state("free", "free");
    }
    if (call.state === "returning") {
      node.dataset.age = "back";
      write(parts.back, backWords(/** @type {import("./types.js").Back} */ (call), now));
      parts.gauge.classList.add("endless");
      return this.#state("back", "back");
    }
    const { age, seconds, left, share } = ageOf(call, now, this.#thresholds);
    node.dataset.age = age;
    if (call.state === "claimed") this.#state("claimed", this.#mine ? "mine" : "claimed");
    else this.#state(age, age);
    write(parts.waited, say("tile.waited", { time: duration(seconds) }));
    write(parts.left, leftWords(left));
    parts.gauge.classList.toggle("endless", left === null);
    parts.gauge.style.setProperty("--left", (1 - share).toFixed(3));
  }

  /** @param {string} icon free, fresh, long, soon or claimed @param {string} words the same, or mine */
  #state(icon, words) {
    write(this.parts.state, say(`tile.state_${words}`));
    const address = `${byId("board").dataset.icons}#${icon}`;
    if (this.parts.icon.getAttribute("href") !== address) this.parts.icon.setAttribute("href", address);
  }
}

/** @param {number | null} left seconds */
function leftWords(left) {
  if (left === null) return say("tile.no_return");
  return left > 0 ? say("tile.returns_in", { time: duration(left) }) : say("tile.returns_now");
}
