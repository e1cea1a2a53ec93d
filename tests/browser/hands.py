"""A person at the keyboard alone: where the focus is, that it can be seen, and what a screen reader said meanwhile."""

from typing import Any

from playwright.sync_api import Error, Page

PATIENCE = 40_000
"""Milliseconds."""
LISTEN = """
window.heard = [];
const LIVE = "[aria-live], [role=status], [role=alert]";
const words = (node) => (node.innerText ?? node.textContent).trim().replaceAll(/\\s+/g, " ");
const say = (said) => said && heard.at(-1) !== said && heard.push(said);
const seen = new MutationObserver((changes) => {
  for (const { target, addedNodes } of changes) {
    const region = (target.closest ? target : target.parentElement)?.closest(LIVE);
    if (!region?.checkVisibility() || region.closest("dialog:not([open])")) continue;
    if (region.ariaAtomic === "false") for (const node of addedNodes) say(words(node));
    else if (addedNodes.length || target.nodeType === Node.TEXT_NODE) say(words(region));
  }
});
seen.observe(document, { subtree: true, childList: true, characterData: true });
"""
"""Remembers what live regions say, in order: all of them at each addition, but where aria-atomic is "false", and roles
make it "true". It has to be there before the page's own scripts."""

FOCUS = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return { lost: true };
  const seen = node.closest("label")?.querySelector("span") ?? node;
  const style = getComputedStyle(seen), own = getComputedStyle(node), box = node.getBoundingClientRect();
  const ring = (one) => (one.outlineStyle !== "none" && parseFloat(one.outlineWidth) > 0) || one.boxShadow !== "none";
  const x = box.left + box.width / 2, y = box.top + box.height / 2;
  return {
    lost: false,
    words: (node.getAttribute("aria-label") || node.innerText || node.id).trim(),
    shown: node.checkVisibility() && box.width > 0 && x >= 0 && y >= 0 && x <= innerWidth && y <= innerHeight,
    ring: ring(style) || ring(own),
    sounds: node.matches(":focus-visible"),
  };
}"""


class Hands:
    """``page`` without a mouse. Every key is followed by a look at the focus."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._read = 0
        page.add_init_script(LISTEN)

    def press(self, *keys: str) -> None:
        """Press keys one after the other; the focus is somewhere, and can be seen, after each."""
        for key in keys:
            self.page.keyboard.press(key)
            self.look()

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def look(self) -> dict[str, Any]:
        """Where the focus is. AssertionError when it is nowhere, hidden, off the screen, or shown by nothing."""
        focus: dict[str, Any] = self.page.evaluate(FOCUS)
        assert not focus["lost"], "the focus is lost"
        assert focus["shown"], f"the focus is on {focus['words']!r}, which nobody sees"
        assert focus["ring"], f"nothing shows that {focus['words']!r} has the focus"
        return focus

    def on(self, words: str) -> None:
        """Wait until the focus is on what is called so, and can be seen there."""
        called = "(node) => node.getAttribute('aria-label') || node.innerText || node.id"
        wanted = f"(words) => ({called})(document.activeElement).includes(words)"
        try:
            self.page.wait_for_function(wanted, arg=words, timeout=PATIENCE)
        except Error as error:
            raise AssertionError(f"the focus is not on {words!r}, but {self.page.evaluate(FOCUS)}") from error
        self.look()

    def tab_to(self, words: str, key: str = "Tab", most: int = 40) -> None:
        """Go on by Tab until the focus is on what is called so."""
        passed = []
        for _ in range(most):
            self.press(key)
            passed.append(self.look()["words"])
            if words in passed[-1]:
                return
        raise AssertionError(f"no {words!r} by {key}, only {passed}")

    def hears(self, *sentences: str) -> None:
        """Wait until a screen reader has said all of these, since it was listened to last."""
        try:
            self.page.wait_for_function(
                "([sentences, from]) => sentences.every((one) => heard.slice(from).join(' ').includes(one))",
                arg=[sentences, self._read],
                timeout=PATIENCE,
            )
        except Error as error:
            said = self.page.evaluate("heard")
            raise AssertionError(f"not said: {sentences}, only {said[self._read :]} after {said}") from error
        self._read = int(self.page.evaluate("heard.length"))
