// What this browser remembers of how a person works. Storage may be forbidden: then it holds for this page.

/** @type {Map<string, string>} */ const here = new Map();

/** @param {string} key @param {string} [otherwise] */
export function recall(key, otherwise = "") {
  try {
    return localStorage.getItem(key) ?? here.get(key) ?? otherwise;
  } catch {
    return here.get(key) ?? otherwise;
  }
}

/** @param {string} key @param {string} value */
export function remember(key, value) {
  here.set(key, value);
  try {
    localStorage.setItem(key, value);
  } catch {
    // see above
  }
}
