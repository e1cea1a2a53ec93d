// Take next: the longest waiting caller, of all lots where this person takes calls, or of one.

import { toast } from "./announce.js";
import { byId } from "./parts.js";
import { chosenPhone } from "./phones.js";
import { say } from "./words.js";

/** @typedef {import("./store.js").Store} Store */

export class TakeNext {
  /** @param {Store} store @param {import("./commands.js").Commands} commands @param {() => boolean} isLive */
  constructor(store, commands, isLive) {
    this.store = store;
    this.commands = commands;
    this.isLive = isLive;
    byId("take-next").addEventListener("click", (/** @type {MouseEvent} */ event) => event.detail > 1 || this.take(null));
  }

  draw() {
    byId("next").hidden = !this.store.mayRetrieveSomewhere();
    byId("take-next").setAttribute("aria-disabled", String(!this.can(null)));
  }

  /** @param {number | null} lot null: all of mine */
  can(lot) {
    return this.isLive() && !this.commands.about("take_next", "next") && this.#somebodyWaits(lot);
  }

  /** @param {number | null} lot null: all of mine */
  take(lot) {
    if (!this.isLive() || !this.store.mayRetrieveSomewhere()) return;
    if (this.commands.about("take_next", "next")) return toast(say("progress.busy_already"), "plain");
    if (!this.#somebodyWaits(lot)) return toast(say("progress.nobody_waiting"), "plain");
    const { id, number } = chosenPhone();
    this.commands.give("take_next", { lot, phone: id }, { subject: "next", phone: number });
  }

  /** @param {number | null} lot */
  #somebodyWaits(lot) {
    const mine = (/** @type {import("./types.js").Lot} */ one) =>
      one.may_retrieve && [...one.calls.values()].some((call) => this.store.takeable({ lot: one, call }));
    const lots = lot === null ? [...this.store.lots.values()] : [this.store.lots.get(lot)];
    return lots.some((one) => one !== undefined && mine(one));
  }
}
