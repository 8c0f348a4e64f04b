"""What is wrong with a recipe, and in which line: every sentence the reader can say, in Korean and English.

1. A fault names the file, the line, what it found and what is allowed there.
2. Reading goes on after a fault, so that one run shows every fault of a file.
3. The reader knows no other "no": whatever text it is given, the answer is a recipe or a RecipeError.
"""

from __future__ import annotations

from dataclasses import dataclass

SENTENCES: dict[str, tuple[str, str]] = {
    "not-utf8": ("UTF-8 글이 아닙니다. 파일을 UTF-8로 저장해 주세요.", "Not UTF-8 text; save the file as UTF-8."),
    "not-found": ("파일을 읽을 수 없습니다.", "The file cannot be read."),
    "too-long": (
        "파일이 너무 큽니다({size}바이트). 한 파일은 {limit}바이트까지입니다.",
        "The file is too large ({size} bytes); the limit is {limit}.",
    ),
    "not-toml": ("TOML 문법이 맞지 않습니다: {detail}", "Not valid TOML: {detail}"),
    "missing-key": (
        "'{key}' 항목이 빠졌습니다. 여기에는 반드시 있어야 합니다: {allowed}.",
        "'{key}' is missing; required here: {allowed}.",
    ),
    "unknown-key": (
        "모르는 항목: '{key}'. 여기에 쓸 수 있는 항목: {allowed}.{hint}",
        "Unknown key '{key}'; allowed here: {allowed}.{hint_en}",
    ),
    "wrong-type": ("'{key}' 자리에는 {wanted} 써야 합니다.", "'{key}' must be {wanted_en}."),
    "empty": ("'{key}' 자리가 비어 있습니다.", "'{key}' is empty."),
    "no-hangul": ("'{key}'의 ko에는 한국어를 써야 합니다.", "'{key}'.ko must be Korean."),
    "not-english": ("'{key}'의 en에는 영어를 써야 합니다.", "'{key}'.en must be English."),
    "bad-key-form": (
        "'{word}' 꼴이 맞지 않습니다. 이름표는 a-z, 0-9, '-', '_'만 쓰고 글자로 시작합니다.",
        "'{word}' is not a valid key: a-z, 0-9, '-' and '_' only, starting with a letter.",
    ),
    "unknown-word": (
        "{what}에 모르는 낱말: '{word}'. 쓸 수 있는 것: {allowed}.{hint}",
        "Unknown {what_en} '{word}'; allowed: {allowed}.{hint_en}",
    ),
    "planned-word": (
        "{what} '{word}'는 아직 지어지지 않았습니다. 이 말을 쓰려면 status = \"paper\"로 두어야 합니다.",
        "{what_en} '{word}' is not built yet; a recipe that uses it must say status = \"paper\".",
    ),
    "twice": ("'{word}' 이름표가 두 번 나옵니다.", "'{word}' appears twice."),
    "negative": ("'{key}'는 0 이상이어야 합니다.", "'{key}' must not be negative."),
    "wrong-unit": (
        "'{word}' 값의 단위는 '{unit}'인데, 여기에는 {allowed} 가운데 하나라야 합니다.",
        "Value '{word}' is in '{unit}'; here it must be one of {allowed}.",
    ),
    "unused-value": (
        "'{word}' 값을 쓰는 곳이 없습니다. 고쳐도 아무것도 바뀌지 않을 숫자는 두지 않습니다.",
        "Nothing uses value '{word}'; a number that changes nothing is not kept.",
    ),
    "unused-body": ("'{word}' 기구가 하는 일이 없습니다.", "Body '{word}' does nothing in this recipe."),
    "unused-window": ("'{word}' 기간을 쓰는 단계가 없습니다.", "No phase uses window '{word}'."),
    "for-and-window": (
        "'for'와 'window'는 함께 쓸 수 없습니다. 하나만 남겨 주세요.",
        "'for' and 'window' exclude each other; keep one.",
    ),
    "standing-window": (
        "늘 열려 있는 과정(standing = true)에는 'windows'를 둘 수 없습니다.",
        "A standing process (standing = true) has no windows.",
    ),
    "edition-needs-window": (
        "회차가 있는 과정(standing = false)에는 'windows'가 하나는 있어야 합니다.",
        "An edition (standing = false) needs at least one window.",
    ),
    "no-phase-end": (
        "after = \"phase-end\"인데 이 단계에는 끝나는 날이 없습니다. 'for' 또는 'window'를 두세요.",
        "after = \"phase-end\" but the phase has no end; give it 'for' or 'window'.",
    ),
    "before-window": (
        'after = "before-window"는 window가 있는 단계의 also_owes에만 씁니다.',
        'after = "before-window" belongs only in also_owes of a phase with a window.',
    ),
    "owed-not-allowed": (
        "해야 할 일 '{act}'을(를) 이 단계의 may에서 아무도 할 수 없습니다.",
        "Nobody may do the owed act '{act}' in this phase's 'may'.",
    ),
    "owed-by-nobody": (
        "해야 할 일 '{act}'을(를) 할 수 있는 역할이 {roles}뿐입니다. '{by}' 기구를 맡은 역할을 넣어 주세요.",
        "Only {roles} may do the owed act '{act}'; add a role that acts for body '{by}'.",
    ),
    "no-outcome": (
        "'{act}'은(는) 단계를 끝내는 일이 아닙니다. 끝내는 일: {allowed}.",
        "'{act}' does not end a phase; acts that do: {allowed}.",
    ),
    "outcome-unmapped": (
        "'{act}'의 결과 '{outcome}' 다음이 없습니다. next에 '{outcome}'을(를) 적어 주세요.",
        "Outcome '{outcome}' of '{act}' leads nowhere; map it in 'next'.",
    ),
    "outcome-unknown": (
        "'{outcome}'은(는) '{act}'의 결과가 아닙니다. 쓸 수 있는 결과: {allowed}.{hint}",
        "'{outcome}' is not an outcome of '{act}'; allowed: {allowed}.{hint_en}",
    ),
    "end-with-more": (
        "'{word}' 옆에는 다른 단계를 적을 수 없습니다.",
        "'{word}' stands alone; no phase may be listed beside it.",
    ),
    "waits-alone": (
        "'waits'는 다른 갈래가 반드시 열려 있는 곳에만 씁니다. 'reached' 결과이거나, joins에 든 단계라야 합니다.",
        "'waits' needs another branch that is certain to be open: the outcome 'reached', or a phase in some 'joins'.",
    ),
    "reached-without-gate": (
        "'reached'는 gates가 있는 단계에만 있습니다(at = \"end\" 문턱은 해당하지 않음).",
        "'reached' exists only in a phase with a gate that opens at once.",
    ),
    "gate-ends-without-reached": (
        "문턱에 ends = true가 있으면 next에 'reached'를 적어야 합니다.",
        "A gate with ends = true needs 'reached' in 'next'.",
    ),
    "gate-kind": (
        "문턱 하나에는 counts와 reaches를 함께 쓰거나, act 하나만 씁니다.",
        "A gate has either counts with reaches, or act alone.",
    ),
    "gate-at-end": (
        'at = "end" 문턱은 세는 문턱이라야 하고 ends를 쓰지 않습니다.',
        'A gate at = "end" counts, and takes no act and no ends.',
    ),
    "every-ends": (
        "every = true는 단계를 끝내지 않는 의무(also_owes)에만 씁니다.",
        "every = true belongs only in also_owes; the owed act that ends the phase comes once.",
    ),
    "gate-act-not-allowed": (
        "문턱의 '{act}'을(를) 이 단계의 may에서 아무도 할 수 없습니다.",
        "Nobody may do the gate's act '{act}' in this phase.",
    ),
    "no-first-phase": (
        '처음 열리는 단계가 없습니다. 한 단계에 opens = "on-submit"(의제) 또는 "on-open"(과정)을 적어 주세요.',
        'No phase opens first; give one opens = "on-submit" (matter) or "on-open" (process).',
    ),
    "unreachable": (
        "'{word}' 단계로 가는 길이 없습니다. 어떤 next나 gates도 이 단계를 열지 않습니다.",
        "Nothing leads to phase '{word}': no 'next' and no gate opens it.",
    ),
    "dead-end": (
        "'{word}' 단계에서는 'closed'에 이를 수 없습니다. 의제가 영원히 끝나지 않습니다.",
        "From phase '{word}' 'closed' cannot be reached; the matter would never end.",
    ),
    "two-tracks": (
        "'{word}' 단계는 의제의 단계이면서 과정의 단계입니다. 하나만 될 수 있습니다.",
        "Phase '{word}' belongs both to matters and to the process; it can be only one.",
    ),
    "unassigned-body": (
        "'{body}' 기구는 의제마다 정해지는데, '{phase}' 단계로 오는 길 가운데 '{act}'을(를) 거치지 않는 길이 있습니다.",
        "Body '{body}' is set per matter, but phase '{phase}' can be reached without '{act}'.",
    ),
    "join-not-together": (
        "joins에 든 단계는 늘 함께 열려야 하는데 '{word}' 단계가 따로 열리는 곳이 있습니다.",
        "The phases in 'joins' must always open together; '{word}' is opened without the others.",
    ),
    "join-not-waiting": (
        "joins에 든 '{word}' 단계에는 'waits'로 이어지는 결과가 있어야 합니다.",
        "Phase '{word}' is in 'joins' but none of its outcomes is 'waits'.",
    ),
    "no-ballot": ("'{act}'을(를) 하는 단계에는 ballot이 있어야 합니다.", "A phase with '{act}' needs 'ballot'."),
    "no-resolution": (
        "'{act}'을(를) 하는 단계에는 resolution이 있어야 합니다.",
        "A phase with '{act}' needs 'resolution'.",
    ),
    "no-scoring": ("'{act}'을(를) 하는 단계에는 scoring이 있어야 합니다.", "A phase with '{act}' needs 'scoring'."),
    "no-rounds": ("'{act}'을(를) 하는 단계에는 rounds가 있어야 합니다.", "A phase with '{act}' needs 'rounds'."),
    "passes-beyond": (
        "배점을 모두 더하면 {most}점인데 {now}점을 넘어야 한다고 적혀 있습니다. 아무도 넘을 수 없습니다.",
        "The criteria add up to {most} points, but {now} are needed to pass; nobody can.",
    ),
    "weights-not-100": ("weights를 더하면 100이라야 하는데 {sum}입니다.", "Weights must add up to 100, not {sum}."),
    "charter-phases": (
        '살림 규칙(kind = "charter")에는 phases가 없고 standing_may만 있습니다.',
        "A charter has standing_may and no phases.",
    ),
    "charter-number": (
        "살림 규칙에 '{word}' 값이 없습니다(단위: {allowed}). 제도가 스스로 정하지 않을 때 쓰는 숫자라 꼭 있어야 합니다.",
        "The charter lacks the value '{word}' (unit: {allowed}), which counts wherever a recipe names none of its own.",
    ),
    "no-phases": ("phases가 하나도 없습니다.", "There are no phases."),
    "over-100": ("'{word}' 값은 백분율이라 100을 넘을 수 없습니다.", "Value '{word}' is a percentage; at most 100."),
    "unknown-blank": (
        "문장의 빈칸 '{{{word}}}'에 넣을 값이 없습니다. 쓸 수 있는 값: {allowed}.{hint}",
        "No value for the blank '{{{word}}}'; values: {allowed}.{hint_en}",
    ),
    "paper-in-set": (
        "'{word}'은(는) 아직 종이 위의 제도(status = \"paper\")라 여는 목록에 넣을 수 없습니다. paper 목록에 두세요.",
        "'{word}' is on paper (status = \"paper\"); it belongs in 'paper', not among what runs.",
    ),
    "charter-place": (
        "charter 자리에는 살림 규칙 하나만, 다른 자리에는 살림 규칙이 아닌 제도만 둡니다('{word}').",
        "'charter' takes a charter and nothing else does ('{word}').",
    ),
    "file-name": (
        "파일 이름과 내용이 다릅니다. 파일 이름은 '{wanted}'이어야 합니다.",
        "File name and contents differ; the file should be named '{wanted}'.",
    ),
    "not-on-shelf": (
        "'{word}'은(는) 서가에 없습니다. 있는 것: {allowed}.{hint}",
        "'{word}' is not on the shelf; there is: {allowed}.{hint_en}",
    ),
    "wrong-level": (
        "'{word}'은(는) '{level}'의 제도라 '{place}'의 목록에 넣을 수 없습니다.",
        "'{word}' is an institution of a '{level}'; this set is for a '{place}'.",
    ),
}


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in one line of one file; `code` is a key of SENTENCES."""

    origin: str
    line: int
    code: str
    ko: str
    en: str

    def __str__(self) -> str:
        return f"{self.origin}:{self.line}: {self.ko}"


class RecipeError(ValueError):
    """A recipe that must not be used; `faults` says why, in the order of the lines."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def fault(origin: str, line: int, code: str, **detail: object) -> Fault:
    """Write one fault; `detail` fills the sentence's blanks."""
    ko, en = SENTENCES[code]
    return Fault(origin, line, code, ko.format(**detail), en.format(**detail))
