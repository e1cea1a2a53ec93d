"""The addresses of the board, of looking back, and of logging in and out."""

from django.urls import path

from dashboard import views
from dashboard.access import account
from dashboard.history import report_views
from dashboard.history import views as history_views
from dashboard.history.earlier import earlier
from dashboard.wall_page import wall

app_name = "dashboard"

urlpatterns = [
    path("", views.board, name="board"),
    path("history/", history_views.history, name="history"),
    path("history/stays.csv", history_views.history_sheet, name="history_sheet"),
    path("history/earlier/", earlier, name="earlier"),
    path("reports/", report_views.reports, name="reports"),
    path("reports/figures.csv", report_views.reports_sheet, name="reports_sheet"),
    path("wall/", wall, name="wall"),
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", views.Logout.as_view(), name="logout"),
    path("account/", account.account, name="account"),
    path("account/password/", account.OwnPassword.as_view(), name="password"),
    path("logged-out/", views.LoggedOut.as_view(), name="logged_out"),
]
