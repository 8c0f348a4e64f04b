"""A panel scores a 의제 by the criteria of the recipe; whoever judges writes why, and whoever is near stands apart.

1. Points are whole, within the criterion, and never without words; a judgement stands as given.
2. A judge with a part in the 의제 is refused; one who is near it stands apart with a reason and leaves the base.
3. Passing is exact: the sum of all points against the passing points times the judges, no mean is rounded.
"""

from django.utils.translation import gettext_lazy as _

from madang.access import By, Refused, act, refusals
from madang.access.acts import once
from madang.access.forms import Nothing
from madang.bodies.models import Seat
from madang.bodies.queries import in_office, sits
from madang.decisions.forms.scoring import ApartForm, ScoreForm
from madang.decisions.models import Apart, Judgement
from madang.decisions.scores import judges, result
from madang.duties import walk
from madang.matters.models import Matter, Stage
from madang.matters.queries import lead
from madang.people.models import new_salt
from madang.processes.queries import cast
from madang.record import digest


def _judging(by: By, matter: Matter) -> tuple[Stage, Seat]:
    """The open scoring and the seat `by` judges from. Refusals: already-done, no-seat, stands-aside, near, not-trained."""
    stage = walk.waiting(matter, "decisions.close_scoring", by)
    if stage is None:
        raise Refused("already-done")
    stage = Stage.objects.select_for_update().get(pk=stage.pk)
    panel = walk.owing_body(matter, matter.process.rules.phase(stage.phase).owes.by)
    seat = Seat.objects.filter(in_office(by.at), body=panel, person=by.person).order_by("id").first()
    if seat is None:
        raise Refused("no-seat")
    if Apart.objects.filter(stage=stage, seat=seat).exists():
        raise Refused("stands-aside")
    return stage, seat


def _fit_to_judge(by: By, matter: Matter, stage: Stage) -> None:
    department = lead(matter)
    if matter.author_id == by.person.pk or (department is not None and sits(by.person, department, by.at)):
        raise Refused("near")
    wanted = matter.process.rules.phase(stage.phase).scoring.trained
    school = cast(matter.process, wanted) if wanted else None
    if school is not None and not sits(by.person, school, by.at):
        raise Refused("not-trained", school=school.called)


@act("decisions.score", _("심사 점수 주기"), on="matters.matter", form=ScoreForm)
def score(by: By, on: Matter, *, points: dict[str, int], words: dict[str, str]) -> Judgement:
    """Give points with words for every criterion. Refusals: as `_judging`, near, not-trained, score-range,
    score-words, already-voted."""
    stage, seat = _judging(by, on)
    _fit_to_judge(by, on, stage)
    rules = on.process.rules
    asked = rules.phase(stage.phase).scoring.criteria
    if set(points) != set(asked) or set(words) != set(asked):
        raise Refused("score-range")
    if any(not 0 <= points[key] <= rules.value(one.points) for key, one in asked.items()):
        raise Refused("score-range")
    if any(len(words[key].strip()) < 10 for key in asked):
        raise Refused("score-words")
    salt = new_salt()
    given = once(
        lambda: Judgement.objects.create(
            matter=on, stage=stage, seat=seat, points=points, words=words, given_at=by.at, salt=salt
        ),
        "already-voted",
    )
    text = "\n".join(f"{key}: {words[key]}" for key in sorted(words))
    by.note(given, seat=seat.pk, points=points, words=digest(salt, text))
    return given


@act("decisions.step_aside", _("심사 회피하기"), on="matters.matter", form=ApartForm)
def step_aside(by: By, on: Matter, *, reason: str) -> Apart:
    """A judge near the 의제 stands apart and leaves the base. Refusals: as `_judging`, reason-missing, already-voted."""
    stage, seat = _judging(by, on)
    if len(reason.strip()) < 10:
        raise Refused("reason-missing")
    if Judgement.objects.filter(stage=stage, seat=seat).exists():
        raise Refused("already-voted")
    salt = new_salt()
    apart = once(
        lambda: Apart.objects.create(matter=on, stage=stage, seat=seat, reason=reason, declared_at=by.at, salt=salt),
        "stands-aside",
    )
    by.note(apart, seat=seat.pk, reason=digest(salt, reason))
    return apart


@act(
    "decisions.close_scoring",
    _("심사 마치기"),
    on="matters.matter",
    form=Nothing,
    outcomes=("passed", "failed"),
    shows=("matters", "duties", "news"),
)
def close_scoring(by: By, on: Matter) -> Stage:
    """Add up the points once every judge has given them. Refusals: already-done, nobody-judged, scoring-running (the seats
    that have not judged)."""
    stage = walk.waiting(on, "decisions.close_scoring", by)
    if stage is None:
        raise Refused("already-done")
    stage = Stage.objects.select_for_update().get(pk=stage.pk)
    left = judges(stage, walk.owing_body(on, on.process.rules.phase(stage.phase).owes.by), by.at)
    if left:
        raise Refused("scoring-running", left=len(left))
    counted = result(on, stage)
    if not counted["judges"]:
        raise Refused("nobody-judged")
    by.note(stage, judges=counted["judges"], sum=counted["sum"], passes=counted["passes"])
    return walk.end(by, on, "decisions.close_scoring", "passed" if counted["passed"] else "failed", stage=stage)


refusals(
    {
        "near": (
            _("내가 제안했거나 내 부서가 맡은 의제는 심사할 수 없습니다."),
            _("‘심사 회피하기’로 까닭을 적어 주세요. 물러난 자리는 평균에서 빠집니다."),
        ),
        "not-trained": (
            _("심사하기 전에 %(school)s의 과정을 마쳐야 합니다."),
            _("과정을 마치고 그곳에 자리를 얻은 다음 심사해 주세요."),
        ),
        "score-range": (_("배점을 벗어난 점수가 있습니다."), _("기준마다 0점부터 배점까지의 수를 적어 주세요.")),
        "score-words": (
            _("까닭 없는 점수는 받지 않습니다."),
            _("기준마다 그렇게 본 까닭을 열 글자 이상 적어 주세요. 그대로 공개됩니다."),
        ),
        "scoring-running": (
            _("아직 심사하지 않은 자리가 %(left)d곳 있습니다."),
            _("모두 심사하거나 까닭을 밝히고 물러난 다음 마칠 수 있습니다."),
        ),
        "nobody-judged": (_("심사한 자리가 없습니다."), _("심사할 위원을 새로 위촉한 다음 심사해 주세요.")),
    }
)
