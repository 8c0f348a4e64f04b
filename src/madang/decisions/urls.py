from django.urls import path

from madang.decisions import views

urlpatterns = [
    path("replies/<int:pk>/", views.reply, name="reply"),
    path("resolutions/<int:pk>/", views.resolution, name="resolution"),
    path("ballots/<int:pk>/", views.ballot, name="ballot"),
    path("ballots/<int:pk>/votes.csv", views.votes, name="ballot-votes"),
]
