"""Invented towns: silent where nobody cheats, and naming what was planted, in the open, by a seed."""

import json
import runpy
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from towns import PLANTS, clean, mark, planted, written

from madang.methods.integrity import parsed, report, told
from madang.methods.integrity.__main__ import main
from madang.methods.integrity.chance import share_above
from madang.methods.integrity.telling import KEPT, LOOKS, NOT_PROOF

NAMED = {
    "burst": "bursts", "accounts": "accounts", "device": "sharing-device", "forged": "sequences", "dormitory roll": "sharing-address",
    "phones": "duplicates", "patterns": "patterns", "booth": "turnout",
}  # fmt: skip


def found(town: dict[str, Any]) -> dict[str, Any]:
    return report(parsed(written(town)))


def test_clean_towns_are_silent() -> None:
    assert [one["look"] for seed in range(6) for one in found(clean(seed))["findings"]] == []


@pytest.mark.parametrize("plant", PLANTS)
def test_what_was_planted_is_named_with_five_things_said(plant: str) -> None:
    named = found(planted(4, plant))["findings"]
    assert NAMED[plant] in {one["look"] for one in named}
    for one in named:
        assert set(one) == {"look", "what", "where", "number", "expected", "p", "does_not_prove", "discounted"}
        assert one["discounted"] == 0
        assert one["p"] is None or one["p"] <= 0.01


def test_where_it_was_planted_is_said() -> None:
    town = planted(3, "burst")
    before = {(one["day"], one["class"], one["channel"]): one["count"] for one in clean(3)["casts"]}
    (changed,) = [one for one in town["casts"] if before[one["day"], one["class"], one["channel"]] != one["count"]]
    (named,) = [one for one in found(town)["findings"] if one["look"] == "bursts"]
    assert named["where"] == {"class": changed["class"], "channel": changed["channel"], "moment": changed["day"]}
    assert named["number"] == changed["count"]
    assert named["expected"] < changed["count"] / 3


def test_the_same_file_and_seed_give_the_same_bytes_whatever_the_order_of_rows() -> None:
    town = planted(4, "patterns")
    one = found(town)
    assert json.dumps(found(deepcopy(town))) == json.dumps(one)
    for part in ("casts", "population", "accounts", "marks", "booths"):
        town[part] = town[part][::-1]
    turned = found(town)
    assert {key: turned[key] for key in ("looks", "findings")} == {key: one[key] for key in ("looks", "findings")}


def test_another_seed_moves_only_what_rests_on_chance() -> None:
    known = parsed(written(planted(3, "forged")))
    one, other = report(known), report(replace(known, seed="another"))
    moved = {a["look"] for a, b in zip(one["looks"], other["looks"], strict=True) if a["uneven"] != b["uneven"]}
    assert moved <= {"patterns", "digits", "sequences"}
    assert {"sequences"} <= {each["look"] for each in other["findings"]}


def test_nothing_that_fewer_than_five_share_is_published() -> None:
    # given one telephone on two entries
    town = clean(1)
    town["roll"][10]["phone"] = town["roll"][500]["phone"] = mark("shared", 1)
    (named,) = found(town)["findings"]
    assert (named["look"], named["number"], named["expected"]) == ("duplicates", None, None)
    assert "5 미만" in told(found(town))
    published = json.dumps(found(planted(5, "patterns")))
    assert all(row["phone"] not in published for row in town["roll"])


def test_small_groups_do_not_stand_beside_a_hidden_number() -> None:
    town = clean(1)
    for at in (10, 11, 12):
        town["roll"][at]["phone"] = mark("shared", 1)
    (named,) = found(town)["findings"]
    assert "largest" not in named["where"]
    assert "groups" not in named["where"]


def test_what_is_missing_is_said_and_never_counts_as_nothing_found() -> None:
    bare = found({"format": "madang-integrity@1", "poll": "empty", "seed": "s"})
    assert bare["findings"] == []
    assert [one["look"] for one in bare["looks"] if not one["needs"]] == []
    assert "보지 못함 (필요: roll: phone, mail)" in told(bare)


def test_facts_need_no_chance() -> None:
    town = clean(2)
    town["booths"][0]["counted"] = town["booths"][0]["issued"] + 7
    town["population"][0]["people"] = 1
    named = [one for one in found(town)["findings"] if one["look"] == "overfull"]
    assert [(one["where"]["of"], one["p"]) for one in named] == [("people", None), ("issued", None)]


def test_every_finding_is_told_in_both_languages_with_what_it_does_not_prove() -> None:
    one = found(planted(3, "dormitory roll"))
    korean, english = told(one), told(one, "en")
    for lang, text in ((0, korean), (1, english)):
        assert text.count(KEPT[lang]) == len(one["findings"]) + 1
        assert LOOKS["sharing-address"][lang] in text
        assert NOT_PROOF["sharing"][lang] in text
    assert "부정의 증명이 아닙니다." in korean
    assert "Does not prove fraud." in english


def test_every_look_has_its_words() -> None:
    looks = {one["look"] for one in found(clean(1))["looks"]}
    assert {name for name in looks if name not in LOOKS} == set()
    assert {name for name in looks if name not in NOT_PROOF and name.partition("-")[0] not in NOT_PROOF} == set()


def test_the_command_tells_and_its_exit_code_says_whether_anything_stands_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quiet, farmed = tmp_path / "clean.json", tmp_path / "farmed.json"
    quiet.write_bytes(written(clean(1)))
    farmed.write_bytes(written(planted(3, "device")))
    assert main([str(quiet)]) == 0
    assert "눈에 띄는 것이 없습니다." in capsys.readouterr().out
    assert main([str(farmed), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert [one["where"] for one in said["findings"]] == [{"kind": "device", "size": "30"}]
    assert main([str(farmed), "--level", "0.9"]) == 1
    assert "the level lies between 0 and 0.5" in capsys.readouterr().err
    assert main(["--lang", "fr", str(farmed)]) == 2


def test_the_notebook_finds_the_crowded_day_and_discounts_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(Path(__file__).resolve().parents[3] / "docs" / "methods" / "examples" / "integrity.py"))
    said = capsys.readouterr().out
    assert "class 2동, channel web, moment 2026-09-04: 97 (expected 16.48)" in said
    assert said.endswith("votes discounted: 0\n")


def test_the_batch_worked_by_hand_on_the_page_comes_out() -> None:
    assert share_above(20, 100, 0.1, 0.0) == pytest.approx(0.00198, abs=2e-5)
    assert 0.28 < 144 * share_above(20, 100, 0.1, 0.0) < 0.29


def aged(counts: dict[int, int]) -> list[dict[str, Any]]:
    return [{"day": "2026-09-01", "age": age} for age, count in counts.items() for _ in range(count)]


def test_a_peak_of_one_age_stands_out_and_a_step_between_generations_does_not() -> None:
    town = {"format": "madang-integrity@1", "poll": "ages", "seed": "s"}
    generations = {age: 900 if age < 40 else 300 for age in range(20, 61)}
    assert found(town | {"roll": aged(generations)})["findings"] == []
    (named,) = found(town | {"roll": aged(generations | {30: 1300})})["findings"]
    assert (named["where"], named["number"], named["expected"]) == ({"age": "30"}, 1300, 900)


def test_a_batch_full_of_spoiled_papers_stands_out() -> None:
    town = clean(4)
    row = town["booths"][20]
    row["spoiled"], row["counted"] = row["spoiled"] + 120, row["counted"] - 120
    (named,) = found(town)["findings"]
    assert (named["look"], named["number"], named["where"]["side"]) == ("spoiled", row["spoiled"], "many")
    assert (named["where"]["booth"], named["where"]["batch"]) == (row["booth"], row["batch"])


def test_counts_that_all_end_in_the_same_digits_stand_out() -> None:
    town = clean(4)
    booths = [{"booth": row["booth"], "batch": row["batch"], "counted": row["counted"] // 5 * 5} for row in town["booths"]]
    (named,) = found({"format": "madang-integrity@1", "poll": "digits", "seed": "s", "booths": booths})["findings"]
    assert named["look"] == "digits"
    assert named["where"]["digit"] in ("0", "5")


def test_one_class_alone_is_looked_at_day_by_day() -> None:
    days = [f"2026-09-{day:02}" for day in range(1, 15)]
    counts = [90, 41, 38, 44, 40, 37, 160, 42, 39, 43, 41, 36, 40, 95]
    casts = [{"day": day, "class": "모두", "channel": "web", "count": count} for day, count in zip(days, counts, strict=True)]
    (named,) = found({"format": "madang-integrity@1", "poll": "one", "seed": "s", "casts": casts})["findings"]
    assert (named["look"], named["where"]["moment"], named["number"]) == ("bursts", "2026-09-07", 160)
