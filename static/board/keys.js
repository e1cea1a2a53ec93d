// The keys of the board. They rest while somebody types, while something is open, and for who has switched them off.

import { actionOf } from "./actions.js";
import { toast } from "./announce.js";
import { Dialog, someDialogIsOpen } from "./dialog.js";
import { byId } from "./parts.js";
import { recall, remember } from "./remember.js";
import { focused, walk } from "./walk.js";
import { say } from "./words.js";

const OFF = "keys-off";
const ALIASES = /** @type {Record<string, string>} */ ({ m: "e" });

/**
 * @param {import("./store.js").Store} store
 * @param {import("./desk.js").Desk} desk
 * @param {import("./next.js").TakeNext} next
 * @param {import("./park.js").ParkTalk} park
 */
export function onKeys(store, desk, next, park) {
  const dialog = new Dialog("keys-dialog");
  const on = dialog.parts.on;
  on.checked = recall(OFF) !== "yes";
  on.addEventListener("change", () => remember(OFF, on.checked ? "" : "yes"));
  byId("show-keys").addEventListener("click", () => dialog.open());

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isBusy(event.target)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key.startsWith("Arrow") ? arrow(key) : key === "Enter" ? enter(event) : on.checked && letter(key, event)) {
      event.preventDefault();
    }
  });

  /** The page scrolls by arrows unless the focus is with a caller, or nowhere. @param {string} key */
  function arrow(key) {
    return (focused() || document.activeElement === document.body) && walk(key);
  }

  /** On a caller whose tile has the focus itself; buttons know what Enter means. @param {KeyboardEvent} event */
  function enter(event) {
    return event.target === focused() && !event.repeat && press("retrieve");
  }

  /** @param {string} key @param {KeyboardEvent} event */
  function letter(key, event) {
    if (event.repeat) return false;
    if (key === "/") return byId("filter").focus() ?? true;
    if (key === "?") return dialog.open() ?? true;
    if (key === "n") return next.take(null) ?? true;
    if (key === "p") return park.open() ?? true;
    if (key === "r") return press("retrieve");
    const place = store.find(focused()?.dataset.uniqueid ?? "");
    const name = ALIASES[key] ?? key;
    const action = place && desk.isLive() && actionOf(name, place, store);
    if (action) desk.act(action.name, place.call.uniqueid);
    else if (!place && "secvtig".includes(name)) toast(say("keys.choose_first"), "plain");
    return Boolean(action);
  }

  /** A key does what the tile's own button does, and nothing where there is none. @param {string} name */
  function press(name) {
    const caller = focused();
    const button = /** @type {HTMLElement | null | undefined} */ (caller?.querySelector(`[data-act="${name}"]`));
    if (!caller && store.mayRetrieveSomewhere()) toast(say("keys.choose_first"), "plain");
    if (button?.checkVisibility()) button.click();
    return Boolean(button);
  }
}

/** @param {EventTarget | null} target */
function isBusy(target) {
  const typing = target instanceof Element && target.closest("input:not([type=radio], [type=checkbox]), textarea, select");
  return Boolean(typing) || someDialogIsOpen() || document.querySelector(":popover-open, [data-menu][open]") !== null;
}
