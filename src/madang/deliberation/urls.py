from django.urls import path

from madang.deliberation import views

app_name = "deliberation"
urlpatterns = [
    path("forums/<int:pk>/", views.forum, name="forum"),
    path("opinions/<int:pk>/", views.thread, name="thread"),
    path("moderation/", views.moderation, name="moderation"),
]
