"""What anyone reads about an evaluation: answers, scores with words, figures with denominators; no names."""

import pytest

from madang.evaluation import acts
from madang.evaluation.models import Confirmation
from madang.matters.models import Matter

FOUND = {
    "findings": "가로등 두 개가 섰고 하나는 아직 켜지지 않습니다.",
    "consequence": "남은 하나는 4월까지 켜고 점검 주기를 정합니다.",
}
pytestmark = pytest.mark.urls("madang.urls")


@pytest.fixture
def evaluated(lamp, person, seat, evaluators, operator, by):
    acts.confirm(by(person("박이름"), 1), lamp, answer="yes", words="골목이 밝아졌어요 <script>")
    acts.confirm(by(person("정이름"), 1), lamp, answer="no", words="제 전화는 비밀입니다")
    acts.score(
        by(seat(person("최평가"), evaluators), 1),
        lamp,
        indicator="duties-kept",
        value=2,
        words="기한을 두 번 어겼습니다.",
    )
    acts.close(by(operator, 31), Matter.objects.get(pk=lamp.pk), outcome="confirmed", **FOUND)
    return lamp


def test_the_page_shows_words_scores_and_frozen_figures_without_names(client, evaluated):
    answer = client.get(f"/m/{evaluated.number}/evaluation/")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "골목이 밝아졌어요 &lt;script&gt;" in text and "기한을 두 번 어겼습니다." in text
    assert FOUND["consequence"] in text
    assert "박이름" not in text and "최평가" not in text
    assert "<b>1</b> / " in text and "<b>2</b>" in text


def test_hidden_words_leave_the_page_and_the_answer_still_counts(client, evaluated, day):
    Confirmation.objects.filter(answer="no").update(hidden_at=day(32), hidden_rule="personal-data")
    text = client.get(f"/m/{evaluated.number}/evaluation/").content.decode()
    assert "제 전화는" not in text
    assert evaluated.evaluations.get().no == 1


def test_a_hidden_matter_has_no_page(client, evaluated, day):
    Matter.objects.filter(pk=evaluated.pk).update(hidden_at=day(32))
    assert client.get(f"/m/{evaluated.number}/evaluation/").status_code == 404


def test_figures_are_shown_with_how_to_count_them_again(client, evaluated, channel):
    answer = client.get("/figures/?process=checked")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "센 것 / 가운데" in text and "‘duties’ 표에서" in text
    assert client.get("/figures/?process=nowhere").status_code == 404


def test_the_page_costs_the_same_with_few_and_many_answers(
    client, evaluated, person, day, django_assert_max_num_queries
):
    found = evaluated.evaluations.get()
    client.get(f"/m/{evaluated.number}/evaluation/")
    with django_assert_max_num_queries(10):
        client.get(f"/m/{evaluated.number}/evaluation/")
    for number in range(8):
        Confirmation.objects.create(
            evaluation=found, matter=evaluated, person=person(f"이웃{number}"), answer="yes", words="좋아요",
            answered_at=day(2), changed_at=day(2),
        )
    with django_assert_max_num_queries(10):
        client.get(f"/m/{evaluated.number}/evaluation/")
