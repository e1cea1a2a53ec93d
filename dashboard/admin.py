"""Pages of the administration that are no model of lots; the admin finds this module by its name."""

from dashboard.access.locks_page import page as locks_page
from dashboard.access.people_admin import PersonWithFactorAdmin
from dashboard.access.reset_page import page as reset_page
from dashboard.access.sso_only_page import page as sso_only_page
from dashboard.condition.page import page as condition_page

__all__ = ["PersonWithFactorAdmin", "condition_page", "locks_page", "reset_page", "sso_only_page"]
