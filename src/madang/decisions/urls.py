from django.urls import path

from madang.decisions import views

urlpatterns = [
    path("replies/<int:pk>/", views.reply, name="reply"),
    path("resolutions/<int:pk>/", views.resolution, name="resolution"),
    path("ballots/<int:pk>/", views.ballot, name="ballot"),
    path("ballots/<int:pk>/votes.csv", views.votes, name="ballot-votes"),
    path("votes/", views.published_list, name="published-votes"),
    path("votes/<slug:key>/", views.published, name="published-vote"),
    path("votes/<slug:key>/ballots.pb", views.published_ballots, name="published-ballots"),
    path("votes/<slug:key>/account.json", views.published_account, name="published-account"),
    path("votes/<slug:key>/projects.csv", views.published_projects, name="published-projects"),
]
