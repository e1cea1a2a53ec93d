// Park a talk of mine from the board, into the next free slot of a lot or a slot that was pointed at.

import { announce, toast } from "./announce.js";
import { talksIntoLots } from "./choices.js";
import { PageToo } from "./page_too.js";
import { byId } from "./parts.js";
import { callerName, say } from "./words.js";

/** While the list is open its times go on. */
const TICK = 1_000;

export class ParkTalk {
  #timer = 0;

  /**
   * @param {import("./store.js").Store} store
   * @param {import("./commands.js").Commands} commands
   * @param {import("./pick.js").PickDialog} pick
   * @param {import("./talks.js").Talks} talks
   * @param {() => boolean} isLive
   */
  constructor(store, commands, pick, talks, isLive) {
    this.store = store;
    this.commands = commands;
    this.pick = pick;
    this.talks = talks;
    this.isLive = isLive;
    this.paged = new PageToo(store, () => pick.update(), () => pick.takeMarked());
    byId("park-talk").addEventListener("click", () => this.open());
  }

  draw() {
    byId("park-talk").hidden = !this.may();
    byId("park-talk").setAttribute("aria-disabled", String(!this.isLive()));
  }

  /** @param {string} [only] one talk, which is chosen already; else it is chosen here as well */
  open(only = "") {
    if (!this.may() || !this.isLive()) return;
    this.paged.open();
    const talks = () => this.talks.list.filter(({ uniqueid }) => !only || uniqueid === only);
    const lines = () => talksIntoLots(this.store, talks(), (lot) => this.paged.allows(lot));
    const beside = this.#mayPage() ? this.paged.node : null;
    const choose = (/** @type {string} */ id) => this.#park(id);
    this.talks.want("dialog", true);
    this.pick.open({ name: "park", title: say("pick.park_title"), lines, choose, beside }, () => this.#closed());
    this.#timer = setInterval(() => this.pick.update(), TICK);
  }

  #closed() {
    clearInterval(this.#timer);
    this.talks.want("dialog", false);
  }

  /** @param {string} id of a talk and of a lot, and of a slot */
  #park(id) {
    const [call, lot, slot] = id.split("/");
    this.give(call, Number(lot), slot ? Number(slot) : null, this.paged.take());
  }

  /** @param {string} call @param {number} lot @param {number | null} slot null: the next free one
   * @param {import("./page_too.js").Wish | null} [page] */
  give(call, lot, slot, page = null) {
    const talk = this.talks.list.find(({ uniqueid }) => uniqueid === call);
    const caller = talk ? callerName(talk) : "";
    let paged = "";
    const went = (/** @type {string} */ code, /** @type {Record<string, any>} */ params) => {
      if (code !== "parked_paging") return;
      this.store.paging.add((paged = params.uniqueid)); // the tile's menu offers to stop it
      toast(say("progress.parked_paging", params), "good");
    };
    const heard = () => this.store.paging.delete(paged) && false; // the end itself is told by the page as any other
    this.commands.give("park", { call, lot, to_slot: slot, ...page }, { subject: call, caller, went, heard });
    announce(say("progress.park_asking"));
  }

  #mayPage() {
    return this.store.zones.length > 0 && [...this.store.lots.values()].some((lot) => lot.may_park && lot.may_page);
  }

  may() {
    return this.store.me.phones.length > 0 && [...this.store.lots.values()].some((lot) => lot.may_park);
  }
}
