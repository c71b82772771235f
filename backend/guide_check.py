"""Whether a draft can become a guide: the eight public items whole and in both languages, the law
named, the promise kept to, nothing demanded that the guide does not explain, the form sound."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from backend import form_schema
from backend.guide_fields import SECTIONS, UNITS, Body, Finding, Reading, joined, read

HOURS_OF_A_DAY = 8
_CODE = re.compile(r"[a-z][a-z0-9_-]{0,59}")


def checked(body: Body, *, departments: Collection[str], is_applicable: bool) -> Reading:
    """The guide a draft means with everything that is wrong in it, in the order of the editor.

    Without findings other than warnings the guide can be published. `departments` are codes.
    """
    reading = read(body)
    guide = reading.guide
    if "form_schema" in guide:
        guide["form_schema"] = form_schema.ordered(guide["form_schema"])
    reading.findings += [
        *_of_choices(guide, departments),
        *_of_codes(guide),
        *_of_items(guide),
        *_of_times(guide),
        *_of_steps(guide),
        *_of_conditions(guide),
        *_of_form(guide, is_applicable),
    ]
    order = {section.code: place for place, section in enumerate(SECTIONS)}
    order |= {
        s.path.split(".")[0]: order[section.code] for section in SECTIONS for s in section.fields
    }
    order |= {s.items.path: order[s.code] for s in SECTIONS if s.items}
    reading.findings.sort(key=lambda finding: order.get(finding.path.split(".")[0], 99))
    return reading


def is_broken(findings: Collection[Finding]) -> bool:
    """Whether anything stands in the way of publishing."""
    return any(not finding.is_warning for finding in findings)


def _of_choices(guide: Body, departments: Collection[str]) -> Iterator[Finding]:
    for section in SECTIONS:
        if not section.items:
            continue
        for number, item in enumerate(guide[section.items.path]):
            for spec in section.items.fields:
                if spec.kind != "choice":
                    continue
                known = spec.choices or departments
                *above, last = spec.path.split(".")
                value = item.get(above[0], {}).get(last) if above else item.get(last)
                if value is not None and value not in known:
                    yield Finding(joined(section.items.path, number, spec.path), "choice_invalid")
    for name in ("promised", "legal_limit"):
        limit = guide.get(name, {})
        if "unit" in limit and limit["unit"] not in UNITS:
            yield Finding(f"{name}.unit", "choice_invalid")


def _of_codes(guide: Body) -> Iterator[Finding]:
    for name in ("materials", "steps", "parts", "refusal_reasons", "check"):
        seen: set[str] = set()
        for number, item in enumerate(guide[name]):
            code = item.get("code")
            if code is None:
                continue
            if not _CODE.fullmatch(code):
                yield Finding(f"{name}.{number}.code", "guide_code_invalid")
            elif code in seen:
                yield Finding(f"{name}.{number}.code", "guide_code_twice", code)
            seen.add(code)


def _of_items(guide: Body) -> Iterator[Finding]:
    if not guide["legal_basis"]:
        yield Finding("legal_basis", "guide_law_missing")
    if not guide["conditions"]:
        yield Finding("conditions", "guide_conditions_missing")
    if not guide["steps"]:
        yield Finding("steps", "guide_steps_missing")
    if not guide["materials"]:
        yield Finding("materials", "guide_without_materials", is_warning=True)
    for number, material in enumerate(guide["materials"]):
        path = f"materials.{number}"
        if not material["acceptance_points"]:
            yield Finding(f"{path}.acceptance_points", "guide_points_missing")
        least, most = material.get("min_files", 0), material.get("max_files", 0)
        has_none = material.get("source") == "upload" and not most
        if has_none or not 0 <= least <= most <= 20:
            yield Finding(f"{path}.max_files", "guide_files_invalid")
    questions = guide["check"]
    if questions and not 2 <= len(questions) <= 5:
        yield Finding("check", "guide_check_count")
    for number, question in enumerate(questions):
        if len(question["options"]) < 2:
            yield Finding(f"check.{number}.options", "guide_options_missing")


def _hours(limit: dict[str, Any]) -> int | None:
    if "value" not in limit or limit.get("unit") not in UNITS:
        return None
    return limit["value"] * (HOURS_OF_A_DAY if limit["unit"] == "working_day" else 1)


def _of_times(guide: Body) -> Iterator[Finding]:
    legal = guide.get("legal_limit", {})
    if legal and set(legal) != {"value", "unit"}:
        yield Finding("legal_limit.value", "guide_limit_half")
    limits = [("promised", guide.get("promised", {})), ("legal_limit", legal)]
    limits += [(f"steps.{n}.limit", step.get("limit", {})) for n, step in enumerate(guide["steps"])]
    for path, limit in limits:
        if limit.get("value") == 0:
            yield Finding(f"{path}.value", "number_too_small")
    promised, most = _hours(guide.get("promised", {})), _hours(legal)
    if promised is not None and most is not None and promised > most:
        yield Finding("promised.value", "guide_promise_beyond_law")
    stages: dict[int, int] = {}
    for number, step in enumerate(guide["steps"]):
        stage = step.get("stage", number + 1)
        stages[stage] = max(stages.get(stage, 0), _hours(step.get("limit", {})) or 0)
    if promised is not None and sum(stages.values()) > promised:
        days = -(-sum(stages.values()) // HOURS_OF_A_DAY)
        yield Finding("promised.value", "guide_steps_beyond_promise", str(days), is_warning=True)


def _of_steps(guide: Body) -> Iterator[Finding]:
    parts = {part.get("code") for part in guide["parts"]}
    for number, step in enumerate(guide["steps"]):
        path = f"steps.{number}"
        if step.get("actor") == "window" and step.get("kind") == "approve":
            yield Finding(f"{path}.kind", "guide_window_approves")
        if step.get("actor") in ("window", "department"):
            has_department = step.get("department") is not None
            if has_department != (step["actor"] == "department"):
                yield Finding(f"{path}.department", "guide_department_wrong")
        if step.get("part") is not None and step["part"] not in parts:
            yield Finding(f"{path}.part", "guide_part_unknown", step["part"])


def _of_conditions(guide: Body) -> Iterator[Finding]:
    known = {question.get("code") for question in guide["check"]}
    known |= set(guide.get("form_schema", {}).get("properties") or {})
    for name, key in (
        ("materials", "needed_when"),
        ("steps", "needed_when"),
        ("fee_rules", "when"),
    ):
        for number, item in enumerate(guide[name]):
            path, when = f"{name}.{number}.{key}", item.get(key, [])
            if not isinstance(when, list) or not all(isinstance(each, dict) for each in when):
                yield Finding(path, "guide_condition_invalid")
                continue
            for field in sorted({field for each in when for field in each} - known):
                yield Finding(path, "guide_condition_unknown", field)


def _of_form(guide: Body, is_applicable: bool) -> Iterator[Finding]:
    schema = guide.get("form_schema")
    if schema is None:
        if is_applicable:
            yield Finding("form_schema", "guide_form_missing")
        return
    papers = [
        m["code"]
        for m in guide["materials"]
        if "code" in m and (m.get("source") == "upload" or "registry" in m)
    ]
    questions = guide["check"] if is_applicable else ()
    for path, code, details in form_schema.problems(schema, materials=papers, questions=questions):
        words = " ".join(str(value) for value in details.values())
        yield Finding("form_schema", code, f"{path} {words}".strip())
