"""Whoever leaves takes with them what says who they were; what stays says why it may."""

from django.apps import apps

from madang.people.acts import erase
from madang.people.models import Person

STAYS = {  # a row that keeps its person: nameless after erasure, and needed for what was decided with their voice
    "people.Attestation": "its proof is emptied and it is revoked",
    "bodies.Seat": "whoever sits must be released first",
    "matters.Matter": "the author reads '탈퇴한 참여자'",
    "proposals.Support": "counts once",
    "deliberation.Position": "counts once",
    "deliberation.Opinion": "the words stay, the name goes",
    "deliberation.Report": "counts once",
    "deliberation.Round": "signed for a side; the name goes",
    "decisions.Rating": "counts once",
    "decisions.ReviewRequest": "the words stay, the name goes",
    "decisions.RollEntry": "says that somebody voted",
    "decisions.Elector": "a keyed hash and a decade of age",
    "decisions.RollTry": "a number of tries",
    "decisions.Reading": "an officer answers for what they typed",
    "decisions.RightBackup": "77 bytes nobody else opens, deleted at closing",
    "evaluation.Score": "counts once",
    "evaluation.Confirmation": "counts once",
    "evaluation.Call": "counts once",
}
GOES = {"people.Check", "people.Token"}  # deleted by erase itself
CASCADES_LATER = {
    "account.EmailAddress",
    "mfa.Authenticator",
    "socialaccount.SocialAccount",
    "usersessions.UserSession",
}
NOTICES = {
    "notices.Follow",
    "notices.Notice",
    "notices.CalendarKey",
    "notices.Letter",
    "notices.Digest",
    "notices.Sent",
}


def test_every_row_that_points_at_a_person_is_dealt_with_by_leaving():
    pointing = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model is Person and field.concrete
    }
    assert sorted(pointing - set(STAYS) - GOES - CASCADES_LATER - NOTICES) == []


def test_after_leaving_nothing_says_who_it_was(city, person, by, day):
    from allauth.account.models import EmailAddress

    leaver = person("떠나는 이", level=2)
    address = leaver.email
    EmailAddress.objects.create(user=leaver, email=address, verified=True, primary=True)
    erase(by(leaver, day(1)), leaver)
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.get_internal_type() in {"CharField", "TextField", "EmailField"}:
                assert not model._default_manager.filter(**{field.name: address}).exists(), (
                    f"{model._meta.label}.{field.name}"
                )
                assert not model._default_manager.filter(**{field.name: "떠나는 이"}).exists(), (
                    f"{model._meta.label}.{field.name}"
                )
    leaver.refresh_from_db()
    assert (leaver.email, leaver.name, bytes(leaver.salt), leaver.is_active) == (None, "", b"", False)
