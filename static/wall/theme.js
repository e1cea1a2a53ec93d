// In the head and not a module: it must run before the first paint. Dark, unless the address once said ?theme=light.
(() => {
  const asked = new URLSearchParams(location.search).get("theme");
  let theme = asked === "light" || asked === "dark" ? asked : null;
  try {
    if (theme) localStorage.setItem("wall-theme", theme);
    else theme = localStorage.getItem("wall-theme");
  } catch {
    // Storage may be forbidden; then the address decides every time.
  }
  document.documentElement.dataset.theme = theme === "light" ? "light" : "dark";
})();
