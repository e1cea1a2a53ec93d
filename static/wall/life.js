// A page that nobody touches for weeks: it keeps its screen awake, and makes itself new when it must.

const KEY = "wall-reloaded";
/** Two versions may serve side by side for a while during an upgrade: no more than one new page in this time. */
const PAUSE = 60_000;
const AGAIN = 10_000;
/** Screens do not all come at the same instant. */
const SPREAD = 3_000;

let planned = false;

/** Where the browser can, and the address is a secure one. */
export function keepAwake() {
  const ask = () => {
    if (!document.hidden) navigator.wakeLock?.request("screen").catch(() => {}); // a low battery may refuse
  };
  document.addEventListener("visibilitychange", ask);
  ask();
}

/** Loads the page anew, once the server answers: what is on the screen now is better than a browser's error page. */
export function renew() {
  if (planned) return;
  planned = true;
  const wait = Math.max(0, last() + PAUSE - Date.now());
  setTimeout(attempt, wait + Math.random() * SPREAD);
}

async function attempt() {
  const answer = await fetch(location.pathname, { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return setTimeout(attempt, AGAIN);
  try {
    sessionStorage.setItem(KEY, String(Date.now()));
  } catch {
    // Storage may be forbidden; then a new page may come more often than needed.
  }
  location.reload();
}

function last() {
  try {
    return Number(sessionStorage.getItem(KEY)) || 0;
  } catch {
    return 0;
  }
}
