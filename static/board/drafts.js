// What was typed and not saved, by the call it is about. In this tab's storage: it outlives a lost login and a reload.

/** @typedef {{note: string, whom: string}} Draft */

const KEY = "drafts";
/** @type {Record<string, Draft>} */ let drafts = {};

try {
  drafts = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
} catch {
  // none, or no storage: then they live as long as the page
}

/** @param {string} uniqueid @returns {Draft | undefined} */
export const draftOf = (uniqueid) => drafts[uniqueid];

/** @param {string} uniqueid @param {Draft | null} draft */
export function keepDraft(uniqueid, draft) {
  if (draft) drafts[uniqueid] = draft;
  else delete drafts[uniqueid];
  try {
    sessionStorage.setItem(KEY, JSON.stringify(drafts));
  } catch {
    // see above
  }
}
