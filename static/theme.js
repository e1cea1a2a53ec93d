// In the head and not a module: it must run before the first paint, or a dark page would flash white.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem("theme");
  } catch {
    // Storage may be forbidden; then the system's colours rule.
  }
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
})();
