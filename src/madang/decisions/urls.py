from django.urls import path

from madang.decisions import previews, views, views_integrity, views_paper

urlpatterns = [
    path("replies/<int:pk>/", views.reply, name="reply"),
    path("resolutions/<int:pk>/", views.resolution, name="resolution"),
    path("ballots/<int:pk>/", views.ballot, name="ballot"),
    path("ballots/preview/<slug:key>/", previews.page, name="ballot-preview"),
    path("ballots/<int:pk>/votes.csv", views.votes, name="ballot-votes"),
    path("ballots/<int:pk>/result.json", views.ballot_result, name="ballot-result"),
    path("ballots/<int:pk>/paper.json", views.ballot_paper, name="ballot-paper-json"),
    path("ballots/<int:pk>/votes.pb", views.ballot_pb, name="ballot-pb"),
    path("ballots/<int:pk>/<str:sheet>/votes.pb", views.ballot_pb, name="ballot-sheet-pb"),
    path("ballots/<int:pk>/integrity/", views_integrity.integrity, name="ballot-integrity"),
    path("ballots/<int:pk>/integrity.json", views_integrity.taken, name="ballot-integrity-input"),
    path("ballots/<int:pk>/integrity-report.json", views_integrity.reported, name="ballot-integrity-report"),
    path("ballots/<int:pk>/print/", views_paper.printed, name="ballot-print"),
    path("ballots/<int:pk>/paper/", views_paper.reconciliation, name="ballot-paper"),
    path("booths/<int:pk>/", views_paper.booth, name="booth"),
    path("booths/<int:pk>/print/<int:number>/", views_paper.sheets, name="booth-print"),
    path("booths/<int:pk>/copy.json", views_paper.copy, name="booth-copy"),
    path("booths/worker.js", views_paper.worker, name="booth-worker"),
    path("votes/", views.published_list, name="published-votes"),
    path("votes/<slug:key>/", views.published, name="published-vote"),
    path("votes/<slug:key>/ballots.pb", views.published_ballots, name="published-ballots"),
    path("votes/<slug:key>/account.json", views.published_account, name="published-account"),
    path("votes/<slug:key>/projects.csv", views.published_projects, name="published-projects"),
]
