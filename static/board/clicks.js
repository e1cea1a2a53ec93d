// Clicks on the board: which call was meant, and whether it stood there when the finger went down.

import { toast } from "./announce.js";
import { byId } from "./parts.js";
import { toggleClosed, togglePinned } from "./shelf.js";
import { say } from "./words.js";

/**
 * @typedef {object} Targets
 * @property {import("./store.js").Store} store
 * @property {import("./commands.js").Commands} commands
 * @property {import("./lots.js").LotsView} lots
 * @property {import("./list.js").ListView} list
 * @property {import("./desk.js").Desk} desk
 * @property {import("./next.js").TakeNext} next
 * @property {() => void} redraw
 */

/** @param {Targets} targets */
export function onClicks({ store, commands, lots, list, desk, next, redraw }) {
  byId("lots").addEventListener("click", (/** @type {MouseEvent} */ event) => {
    const button = pressed(event);
    if (!button) return;
    const section = /** @type {HTMLElement} */ (button.closest(".lot"));
    const id = Number(section.dataset.lotId);
    if (button.dataset.act === "next") return next.take(id);
    if (button.dataset.act === "fold") toggleClosed(id);
    if (button.dataset.act === "pin") togglePinned(id);
    if (["fold", "pin"].includes(button.dataset.act ?? "")) return again(button, redraw);
    const { uniqueid, changed, moved } = lots.slotOf(button);
    act(event, button, uniqueid, moved, changed);
  });
  byId("list").addEventListener("click", (/** @type {MouseEvent} */ event) => {
    const button = pressed(event);
    if (!button) return;
    const { uniqueid, moved } = list.callOf(button);
    act(event, button, uniqueid, moved, false);
  });

  byId("park-demo").addEventListener("click", () => {
    if (byId("park-demo").getAttribute("aria-disabled") !== "true") commands.give("park_demo", {}, {});
  });

  /**
   * What moved is missed by a pointer alone; who changed in their place, by a key as well.
   *
   * @param {MouseEvent} event
   * @param {HTMLElement} button
   * @param {string} uniqueid
   * @param {boolean} moved
   * @param {boolean} changed
   */
  function act(event, button, uniqueid, moved, changed) {
    if (button.getAttribute("aria-disabled") === "true") return;
    if (changed || (moved && event.detail)) return toast(say("progress.just_changed"), "plain");
    desk.act(button.dataset.act ?? "", uniqueid, button);
  }
}

/** The second half of a double click on Retrieve would hit Stop. @param {MouseEvent} event */
function pressed(event) {
  const button = event.target instanceof Element && event.detail < 2 ? event.target.closest("[data-act]") : null;
  return /** @type {HTMLElement | null} */ (button);
}

/** Pinning moves the section, and with it the button that has the focus. @param {HTMLElement} button @param {() => void} redraw */
function again(button, redraw) {
  redraw();
  button.focus({ preventScroll: true });
}
