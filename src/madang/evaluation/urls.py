from django.urls import path

from madang.evaluation import views

urlpatterns = [
    path("m/<str:number>/evaluation/", views.page, name="evaluation"),
    path("figures/", views.figures, name="figures"),
]
