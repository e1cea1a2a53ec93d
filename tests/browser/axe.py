"""Accessibility of a page, judged by axe: every rule it has, on what is shown just now."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = [1280, 390]
THEMES = ["light", "dark"]


def assert_accessible(page: Page) -> None:
    """No violation. Scripts of the page run on; nothing is changed for good."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def look(page: Page, theme: str, width: int, height: int = 900) -> None:
    """Show the page as somebody with this theme and this screen sees it, at rest."""
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")


def assert_not_cut_off(page: Page) -> None:
    """Nobody has to scroll sideways."""
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
