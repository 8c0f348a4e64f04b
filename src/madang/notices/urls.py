from django.urls import path

from madang.notices import views

urlpatterns = [
    path("notices/", views.index, name="notices"),
    path("notices/read/", views.read, name="notices-read"),
    path("notices/settings/", views.settings, name="notices-settings"),
    path("notices/calendar/", views.calendar, name="notices-calendar"),
    path("notices/follow/<slug:name>/<int:pk>/", views.follow, name="follow"),
    path("notices/stop/<str:token>/", views.stop, name="notices-stop"),
]
