"""The addresses of the board and of logging in and out."""

from django.urls import path

from dashboard import views

app_name = "dashboard"

urlpatterns = [
    path("", views.board, name="board"),
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", views.Logout.as_view(), name="logout"),
    path("logged-out/", views.LoggedOut.as_view(), name="logged_out"),
]
