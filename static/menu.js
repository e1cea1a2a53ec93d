// The menu at the top right: closes like menus do, and remembers the colours chosen.

/** @type {HTMLDetailsElement | null} */
const menu = document.querySelector("[data-menu]");
/** @type {NodeListOf<HTMLInputElement>} */
const themes = document.querySelectorAll("[data-themes] input");
const root = document.documentElement;

document.addEventListener("click", (event) => {
  if (menu?.open && event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu?.open) return;
  menu.open = false;
  menu.querySelector("summary")?.focus();
});

for (const choice of themes) {
  choice.checked = choice.value === (root.dataset.theme ?? "system");
  choice.addEventListener("change", () => choose(choice.value));
}

/** @param {string} theme system, light or dark */
function choose(theme) {
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Storage may be forbidden; the choice then holds for this page.
  }
}
