// Park a talk of mine from the board: which talks my phones are in is asked for as long as their list is open.

import { announce } from "./announce.js";
import { talksIntoLots } from "./choices.js";
import { byId } from "./parts.js";
import { say } from "./words.js";

const AGAIN = 2_000;

export class ParkTalk {
  /** @type {import("./choices.js").Talk[]} */ #talks = [];
  #timer = 0;

  /**
   * @param {import("./store.js").Store} store
   * @param {import("./commands.js").Commands} commands
   * @param {import("./pick.js").PickDialog} pick
   * @param {() => boolean} isLive
   */
  constructor(store, commands, pick, isLive) {
    this.store = store;
    this.commands = commands;
    this.pick = pick;
    this.isLive = isLive;
    byId("park-talk").addEventListener("click", () => this.open());
  }

  draw() {
    byId("park-talk").hidden = !this.#may();
    byId("park-talk").setAttribute("aria-disabled", String(!this.isLive()));
  }

  open() {
    if (!this.#may() || !this.isLive()) return;
    this.#talks = [];
    const lines = () => talksIntoLots(this.store, this.#talks);
    const question = { name: "park", title: say("pick.park_title"), lines, choose: (/** @type {string} */ id) => this.#park(id) };
    this.pick.open(question, () => clearInterval(this.#timer));
    this.#ask();
    this.#timer = setInterval(() => this.#ask(), AGAIN);
  }

  #ask() {
    this.commands.give("calls", {}, { subject: "calls", heard: (end) => this.#heard(end) });
  }

  /** Its failures are worth no word each two seconds: the list stays empty, and says so.
   * @param {import("./commands.js").End} end */
  #heard({ failed, params }) {
    this.#talks = failed ? [] : /** @type {any} */ (params.calls) ?? [];
    this.pick.update();
    return true;
  }

  /** @param {string} id of a talk and of a lot */
  #park(id) {
    const [call, lot] = id.split("/");
    this.commands.give("park", { call, lot: Number(lot), to_slot: null }, { subject: call });
    announce(say("progress.park_asking"));
  }

  #may() {
    return this.store.me.phones.length > 0 && [...this.store.lots.values()].some((lot) => lot.may_park);
  }
}
