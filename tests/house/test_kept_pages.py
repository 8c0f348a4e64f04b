"""A page kept for everyone holds nothing of whoever happened to be the first to ask for it."""

from django.test import Client

from madang.doors.web import donut


def test_what_the_builder_is_told_is_not_told_to_everyone(grown, person, by, day):
    matter = grown(1)
    neighbour = person("먼저 온 이")
    signed_in = Client()
    signed_in.force_login(neighbour, backend="allauth.account.auth_backends.AuthenticationBackend")
    donut.forget()
    told = signed_in.post(f"/do/people.rename/{neighbour.pk}/", {"name": "새 이름", "next": f"/m/{matter.number}/"}, follow=True)
    assert "이름 바꾸기: 기록되었습니다" in told.content.decode()
    assert "새 이름" in told.content.decode()
    visitor = Client().get(f"/m/{matter.number}/").content.decode()
    assert "기록되었습니다" not in visitor
    assert "새 이름" not in visitor
    assert "csrfmiddlewaretoken" not in visitor
