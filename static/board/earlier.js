// A parked caller's earlier calls, fetched when somebody asks: the board itself knows only how many there were today.

import { duration, timeOfDay } from "./clock.js";
import { Dialog } from "./dialog.js";
import { byId, stamp, write } from "./parts.js";
import { callerName, say } from "./words.js";

/** @typedef {{at: number, lot: string, slot: number, waited: number | null, parker: string, taker: string,
 *   outcome: string, ending: string, note: string, for_name: string, remark: string}} Stay */

export class EarlierDialog {
  #asked = 0;
  #dialog = new Dialog("earlier-dialog");

  /** @param {import("./types.js").Place} place */
  async open({ lot, call }) {
    const asked = ++this.#asked;
    const { title, more } = this.#dialog.parts;
    write(title, say("earlier.title", { caller: callerName(call.caller) }));
    more.hidden = true;
    this.#say("loading");
    this.#show([]);
    this.#dialog.open();
    const answer = await fetched(lot.id, call.uniqueid);
    if (asked !== this.#asked) return; // of another caller by now
    this.#say(typeof answer === "string" ? answer : answer.stays.length ? "" : "none");
    if (typeof answer === "string") return;
    this.#show(answer.stays);
    more.hidden = !answer.more;
    more.href = answer.more;
  }

  /** @param {string} name of the sentence; "": none */
  #say(name) {
    write(this.#dialog.parts.status, name && say(`earlier.${name}`));
  }

  /** @param {Stay[]} stays */
  #show(stays) {
    this.#dialog.parts.list.replaceChildren(...stays.map(line));
  }
}

/** @param {number} lot @param {string} call @returns {Promise<{stays: Stay[], more: string} | string>} or what is wrong */
async function fetched(lot, call) {
  const address = `${byId("board").dataset.earlier}?${new URLSearchParams({ lot: String(lot), call })}`;
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (answer.redirected || answer.status === 403) return "not_allowed";
    return answer.ok || answer.status === 404 ? await answer.json() : "failed";
  } catch {
    return "failed";
  }
}

/** @param {Stay} stay */
function line(stay) {
  const { node, parts } = stamp("earlier-template");
  const waited = stay.waited === null ? "" : say("tile.waited", { time: duration(stay.waited) });
  write(parts.at, timeOfDay(stay.at));
  write(parts.where, say("tile.in_lot", { slot: stay.slot, lot: stay.lot }));
  write(parts.ending, [stay.ending, stay.taker].filter(Boolean).join(" · "));
  write(parts.soft, [waited, stay.parker && say("tile.parked_by", { who: stay.parker })].filter(Boolean).join(" · "));
  write(parts.note, [stay.for_name && say("tile.for_whom", { name: stay.for_name }), stay.note, stay.remark].filter(Boolean).join(" · "));
  node.dataset.outcome = stay.outcome;
  return node;
}
