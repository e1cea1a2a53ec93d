// The note on a call and for whom it is. What was typed is never lost: not by a failed save, a lost connection or news.

import { Dialog } from "./dialog.js";
import { draftOf, keepDraft } from "./drafts.js";
import { write } from "./parts.js";
import { offer, written } from "./whom.js";
import { callerName, say } from "./words.js";

/** @typedef {import("./types.js").Place} Place */
/** @typedef {import("./types.js").Call} Call */
/** @typedef {import("./whom.js").Written} Written */
/** @typedef {import("./drafts.js").Draft} Draft */

export class NoteDialog {
  #uniqueid = "";
  /** What the call had when its text was last taken into the fields. @type {Draft} */ #base = { note: "", whom: "" };
  #saving = false;
  #dialog = new Dialog("note-dialog", () => this.#closed());

  /**
   * @param {import("./store.js").Store} store
   * @param {(place: Place, written: Written, heard: (end: import("./commands.js").End) => boolean) => void} save
   */
  constructor(store, save) {
    this.store = store;
    this.save = save;
    const { form, note, cancel, copy } = this.#dialog.parts;
    form.addEventListener("submit", (/** @type {Event} */ event) => this.#submit(event));
    form.addEventListener("input", () => this.#typed());
    note.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#submit(event);
    });
    cancel.addEventListener("click", () => this.#discard());
    copy.addEventListener("click", () => this.#copy());
  }

  /** @param {string} uniqueid */
  open(uniqueid) {
    const place = this.store.find(uniqueid);
    if (!place) return;
    const draft = draftOf(uniqueid);
    this.#uniqueid = uniqueid;
    this.#saving = false;
    this.#base = asTyped(place.call);
    this.#fill(draft ?? this.#base);
    offer(this.store.colleagues);
    this.#say(draft ? say("note.draft") : "");
    this.#dialog.open();
    this.#dialog.parts.whom.focus();
    this.update();
  }

  /** Something has changed on the board. */
  update() {
    if (!this.#dialog.isOpen) return;
    const place = this.store.find(this.#uniqueid);
    const { title, save, copy } = this.#dialog.parts;
    save.setAttribute("aria-disabled", String(!place || this.#saving));
    copy.hidden = Boolean(place);
    if (!place) return this.#say(say("note.left"));
    if (this.#dialog.parts.status.textContent === say("note.left")) this.#say(""); // parked again
    write(title, say("note.title", { caller: callerName(place.call.caller), slot: place.call.slot }));
    offer(this.store.colleagues);
    if (!this.#saving) this.#others(asTyped(place.call));
  }

  /** Somebody else has written: what was not touched here is theirs, what was typed stays.
   * @param {Draft} theirs */
  #others(theirs) {
    if (same(theirs, this.#base)) return;
    const touched = !same(this.#typedNow(), this.#base);
    this.#base = theirs;
    if (!touched) return this.#fill(theirs);
    const words = [theirs.whom && say("tile.for_whom", { name: theirs.whom }), theirs.note].filter(Boolean).join(": ");
    if (!same(this.#typedNow(), theirs)) this.#say(say("note.changed", { words }));
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const place = this.store.find(this.#uniqueid);
    if (!place || this.#saving) return;
    this.#saving = true;
    this.#say(say("note.saving"));
    this.#dialog.parts.save.setAttribute("aria-disabled", "true");
    const { uniqueid } = place.call;
    this.save(place, written(this.#typedNow(), place.call, this.store.colleagues), (end) => this.#heard(uniqueid, end));
  }

  /** @param {string} uniqueid @param {import("./commands.js").End} end */
  #heard(uniqueid, end) {
    const here = this.#dialog.isOpen && uniqueid === this.#uniqueid;
    if (!end.failed) keepDraft(uniqueid, null);
    if (!here) return false;
    this.#saving = false;
    if (!end.failed) this.#dialog.close();
    else {
      this.#say(end.words);
      this.#dialog.parts.save.setAttribute("aria-disabled", String(!this.store.find(uniqueid)));
    }
    return end.failed; // "Noted." is said by the tile
  }

  #typed() {
    const typed = this.#typedNow();
    keepDraft(this.#uniqueid, same(typed, this.#base) ? null : typed);
  }

  #discard() {
    keepDraft(this.#uniqueid, null);
    this.#fill(this.#base);
    this.#dialog.close();
  }

  /** A draft stays for the next time, unless there is nobody it could be about. */
  #closed() {
    if (!this.store.find(this.#uniqueid)) keepDraft(this.#uniqueid, null);
  }

  /** The old way of copying: the new one needs https, which a portal in a house may not have. */
  #copy() {
    const { note } = this.#dialog.parts;
    note.select();
    this.#say(say(document.execCommand("copy") ? "note.copied" : "note.copy_by_hand"));
  }

  /** @param {Draft} draft */
  #fill({ note, whom }) {
    this.#dialog.parts.note.value = note;
    this.#dialog.parts.whom.value = whom;
  }

  #typedNow() {
    const { note, whom } = this.#dialog.parts;
    return { note: note.value.trim(), whom: whom.value.trim() };
  }

  /** @param {string} words */
  #say(words) {
    write(this.#dialog.parts.status, words);
  }
}

/** @param {Call} call @returns {Draft} */
const asTyped = (call) => ({ note: call.note, whom: call.for_name });

/** @param {Draft} one @param {Draft} two */
const same = (one, two) => one.note === two.note && one.whom === two.whom;
