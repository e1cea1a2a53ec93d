// The search field: which slots fit what was typed. Every word must be found somewhere about the slot.

import { byId } from "./parts.js";

/** @typedef {import("./types.js").Lot} Lot */
/** @typedef {import("./types.js").Call} Call */

/** @returns {string} what is looked for; "": everything is shown */
export const sought = () => byId("filter").value.trim().toLowerCase();

/** @param {Lot} lot @param {number} slot @param {Call | null} call */
export function fits(lot, slot, call) {
  const search = sought();
  if (!search) return true;
  const said = [String(slot), lot.names[slot] ?? "", ...(call ? aboutCall(call) : [])].join("\n").toLowerCase();
  return search.split(/\s+/).every((word) => said.includes(word));
}

/** @param {Call} call */
const aboutCall = ({ caller, parker, note, for_name, claimed_by }) => [
  caller.name,
  caller.number,
  parker.name,
  parker.number,
  note,
  for_name,
  claimed_by ?? "",
];

/** @param {() => void} changed */
export function onFilter(changed) {
  const field = byId("filter");
  field.addEventListener("input", changed);
  field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || !field.value) return;
    event.preventDefault();
    field.value = "";
    changed();
  });
}
