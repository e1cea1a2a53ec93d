// What a person does with a parked caller, whichever way they ask for it: a button, the menu, a key.

import { ACTIONS } from "./actions.js";
import { toast } from "./announce.js";
import { colleagues, places, zones } from "./choices.js";
import { EarlierDialog } from "./earlier.js";
import { EndDialog } from "./end.js";
import { MoreMenu } from "./more.js";
import { NoteDialog } from "./note.js";
import { chosenPhone } from "./phones.js";
import { callerName, nameAndNumber, say } from "./words.js";

/** @typedef {import("./types.js").Place} Place */

export class Desk {
  #more = new MoreMenu((name, uniqueid) => this.act(name, uniqueid));
  /** @type {NoteDialog} */ #note;
  /** @type {EndDialog} */ #end;
  #earlier = new EarlierDialog();
  /** @type {Record<string, (place: Place, button: HTMLElement | null) => void>} */ #acts;

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
    this.#note = new NoteDialog(store, (place, written, heard) => commands.onCall("note", place, written, { heard }));
    this.#end = new EndDialog(store, commands);
    this.#acts = {
      retrieve: (place) => {
        const { id, number } = chosenPhone();
        commands.onCall("retrieve", place, { phone: id }, { phone: number });
      },
      stop: ({ call }) => commands.stop(call.uniqueid),
      more: (place, button) => button && this.#more.open(button, place, this.#items(place), isLive()),
      note: ({ call }) => this.#note.open(call.uniqueid),
      send: (place) => this.#choose("send", place, (there) => colleagues(store, there)),
      notify: (place) => this.#choose("notify", place, (there) => colleagues(store, there)),
      page: (place) => this.#pageOrChoose(place),
      stop_page: (place) => commands.onCall("stop_page", place),
      move: (place) => this.#choose("move", place, ({ lot }) => places(store, lot)),
      more_time: (place) => commands.onCall("more_time", place, { seconds: 300 }),
      end: (place) => this.#end.open(place),
      earlier: (place) => this.#earlier.open(place),
      claim: (place) => commands.onCall("claim", place),
      unclaim: (place) => commands.onCall("unclaim", place),
    };
  }

  /** @param {string} name @param {string} uniqueid @param {HTMLElement | null} [button] */
  act(name, uniqueid, button = null) {
    const place = this.store.find(uniqueid);
    if (place) this.#acts[name](place, button);
  }

  /** Something has changed on the board: what is open keeps up with it. */
  update() {
    this.#note.update();
    this.#end.update();
    this.pick.update();
  }

  /** @param {"send" | "move" | "notify" | "page"} name @param {Place} place @param {(place: Place) => import("./picker.js").Line[]} lines */
  #choose(name, place, lines) {
    const now = () => this.store.find(place.call.uniqueid);
    this.pick.open({
      name,
      title: say(`pick.${name}_title`, { caller: callerName(place.call.caller), slot: place.call.slot }),
      lines: () => {
        const there = now();
        return there && lines(there);
      },
      choose: (id) => this.#still(place, (there) => this.#chosen(name, there, id)),
    });
  }

  /** What was chosen without a list. @param {"send" | "move"} name @param {string} uniqueid @param {string} id as in that list */
  chosen(name, uniqueid, id) {
    const there = this.store.find(uniqueid);
    if (there) this.#chosen(name, there, id);
  }

  /** @param {"send" | "move" | "notify" | "page"} name @param {Place} there @param {string} id */
  #chosen(name, there, id) {
    const ways = { send: this.#send, move: this.#move, notify: this.#notify, page: this.#page };
    ways[name].call(this, there, id);
  }

  /** @param {Place} place @param {string} id of a colleague */
  #notify(place, id) {
    const { note } = place.call;
    this.commands.onCall("notify", place, { to: Number(id), text: note });
  }

  /** @param {Place} place */
  #pageOrChoose(place) {
    const near = this.store.zonesNear(place.lot);
    if (near.length === 1) this.#page(place, String(near[0].id));
    else this.#choose("page", place, ({ lot }) => zones(this.store, lot));
  }

  /** Until it is over, the menu offers to stop it. @param {Place} place @param {string} id of a zone */
  #page(place, id) {
    const { uniqueid, for_name } = place.call;
    this.store.paging.add(uniqueid);
    const heard = () => !this.store.paging.delete(uniqueid); // the end itself is told by the page as any other
    let told = false; // each repeat is reported anew
    const went = (/** @type {string} */ code, /** @type {any} */ params) => {
      if (code === "paging" && !told) toast(say("progress.paging", params), "plain");
      told ||= code === "paging";
    };
    this.commands.onCall("page", place, { zone: Number(id), for_whom: for_name }, { heard, went });
  }

  /** @param {Place} place @param {string} id of a colleague */
  #send(place, id) {
    const to = this.store.colleagues.find((one) => String(one.id) === id);
    if (to) this.commands.onCall("send", place, { to: to.id }, { phone: nameAndNumber(to) });
  }

  /** @param {Place} place @param {string} id of a lot, and of a slot or of none */
  #move(place, id) {
    const [lot, slot] = id.split("/");
    this.commands.onCall("move", place, { to_lot: Number(lot), to_slot: slot ? Number(slot) : null });
  }

  /** With the call where it is now, if it is anywhere. @param {Place} place @param {(now: Place) => void} act */
  #still({ call }, act) {
    const now = this.store.find(call.uniqueid);
    if (now) act(now);
  }

  /** @param {Place} place */
  #items(place) {
    return ACTIONS.filter(({ can }) => can(place, this.store));
  }
}
