"""The board's elements by the handles that tests and scripts may rely on (data-lot, data-slot, plain names)."""

from playwright.sync_api import Locator, Page

from tests.browser.axe import assert_accessible
from tests.browser.conftest import Message

__all__ = ["assert_accessible", "board", "free", "retrieve", "tile"]


def tile(page: Page, slot: int, lot_name: str = "reception") -> Locator:
    return page.locator(f'.tile[data-lot="{lot_name}"][data-slot="{slot}"]')


def board(page: Page) -> Locator:
    return page.locator("#board")


def retrieve(page: Page) -> Locator:
    return page.get_by_role("button", name="Retrieve Maria Keller from 703")


def free(slot: int) -> Message:
    return {"slot": slot, "state": "free"}


def more(page: Page, item: str) -> None:
    """Choose from the menu of the call in 703."""
    page.get_by_role("button", name="More for Maria Keller on 703").click()
    page.get_by_role("menuitem", name=item).click()
