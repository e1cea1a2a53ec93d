// Before a caller is hung up on: the question, and a sentence for them to hear first where that can be done here.

import { toast } from "./announce.js";
import { Dialog } from "./dialog.js";
import { write } from "./parts.js";
import { recall, remember } from "./remember.js";
import { callerName, say } from "./words.js";

/** @typedef {import("./types.js").Place} Place */

const LAST = "farewell";

export class EndDialog {
  #uniqueid = "";
  /** Why nothing can be said here, as a code; "": it can; null: that is not known yet. @type {string | null} */ #why = null;
  #dialog = new Dialog("end-dialog");

  /**
   * @param {import("./store.js").Store} store
   * @param {import("./commands.js").Commands} commands
   */
  constructor(store, commands) {
    this.store = store;
    this.commands = commands;
    const { form, message, phrases } = this.#dialog.parts;
    form.addEventListener("submit", (/** @type {Event} */ event) => this.#submit(event));
    message.addEventListener("input", () => this.#draw());
    message.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter" && !message.value.trim()) event.preventDefault(); // nothing typed: no call ends by that
    });
    phrases.addEventListener("click", (/** @type {MouseEvent} */ event) => this.#take(event));
  }

  /** @param {Place} place */
  open({ lot, call }) {
    const { message, last, no } = this.#dialog.parts;
    this.#uniqueid = call.uniqueid;
    this.#why = null;
    message.value = "";
    write(last, recall(LAST));
    const offered = [...this.#dialog.parts.phrases.children].filter((one) => one !== last);
    last.hidden = !last.textContent || offered.some((one) => one.textContent === last.textContent);
    this.#dialog.open();
    no.focus();
    this.commands.give("can_say", { lot: lot.id }, { subject: "can_say", heard: (end) => this.#heard(end) });
    this.update();
  }

  /** Something has changed on the board. */
  update() {
    if (this.#dialog.isOpen) this.#draw();
  }

  #draw() {
    const place = this.store.find(this.#uniqueid);
    const { title, message, phrases, hint, status, yes } = this.#dialog.parts;
    if (place) write(title, say("end.title", { caller: callerName(place.call.caller), slot: place.call.slot }));
    write(status, place ? "" : say("end.left"));
    write(hint, say(this.#why === null ? "end.asking" : `end.hint${this.#why && `_${this.#why}`}`));
    message.disabled = this.#why !== "";
    phrases.hidden = this.#why !== "";
    write(yes, say(message.value.trim() ? "end.yes_say" : "end.yes"));
    yes.setAttribute("aria-disabled", String(!place));
  }

  /** @param {import("./commands.js").End} end */
  #heard({ failed, params }) {
    this.#why = failed ? "unknown" : (params.why ?? "");
    this.update();
    return true;
  }

  /** @param {MouseEvent} event */
  #take(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    this.#dialog.parts.message.value = button.textContent ?? "";
    this.#dialog.parts.message.focus();
    this.#draw();
  }

  /** With the call where it is now, if it is anywhere. @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const place = this.store.find(this.#uniqueid);
    if (!place) return;
    const { message: field } = this.#dialog.parts;
    const message = field.disabled ? "" : field.value.trim();
    if (message) remember(LAST, message);
    this.#dialog.close();
    const caller = callerName(place.call.caller);
    // Its tile is free from now on: what goes on is said at the foot of the page.
    const went = (/** @type {string} */ code) => code === "saying" && toast(say("progress.saying", { caller }), "plain");
    this.commands.onCall("end", place, message ? { message } : {}, { went });
  }
}
