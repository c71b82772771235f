"""Every component, by its example: it renders, its ids tie up, nothing leaks into styles."""

import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
import reflex as rx

import components
from components import examples_input, examples_reading  # noqa: F401  (register their examples)
from components.examples import EXAMPLES

# Parts of other components; they have no look of their own.
INNER_MODULES = {"field", "examples", "examples_input", "examples_reading", "types", "boot_script"}
# Attributes whose ids may live elsewhere on the page.
ID_LISTS = ("aria-describedby", "aria-labelledby", "htmlFor")
OUTSIDE = {"main", "example-name", "example-way"}


def public_components() -> set[str]:
    """Names of all functions that make a component."""
    names: set[str] = set()
    for module in pkgutil.iter_modules(components.__path__):
        if module.name in INNER_MODULES:
            continue
        loaded = import_module(f"components.{module.name}")
        for name, member in inspect.getmembers(loaded, inspect.isfunction):
            is_own = member.__module__ == loaded.__name__ and not name.startswith("_")
            if is_own and member.__annotations__.get("return") is rx.Component:
                names.add(name)
    return names


def nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """All rendered elements of a tree, through conditions and loops."""
    if isinstance(tree, list):
        for item in tree:
            yield from nodes(item)
    elif isinstance(tree, dict):
        if "props" in tree:
            yield tree
        for key in ("children", "true_value", "false_value", "iterable_body"):
            if key in tree:
                yield from nodes(tree[key])


def attributes(node: dict[str, Any]) -> dict[str, str]:
    """Constant attributes of one element, unquoted."""
    found: dict[str, str] = {}
    for prop in node["props"]:
        match = re.fullmatch(r'"?([\w-]+)"?:"([^"]*)"', prop)
        if match:
            found[match[1]] = match[2]
    return found


@pytest.fixture(scope="module", params=sorted(EXAMPLES))
def rendered(request: pytest.FixtureRequest) -> tuple[str, list[dict[str, Any]]]:
    """Name and elements of one example."""
    return request.param, list(nodes(EXAMPLES[request.param]().render()))


def test_every_component_has_an_example() -> None:
    assert public_components() == set(EXAMPLES)


def test_it_renders(rendered: tuple[str, list[dict[str, Any]]]) -> None:
    assert rendered[1]


def test_no_attribute_is_mistaken_for_a_style(
    rendered: tuple[str, list[dict[str, Any]]],
) -> None:
    """Reflex turns attributes it does not know into inline styles, without a word."""
    name, elements = rendered
    strays = [prop for node in elements for prop in node["props"] if prop.startswith("css:")]
    assert strays == [], name


def test_ids_that_are_named_exist(rendered: tuple[str, list[dict[str, Any]]]) -> None:
    name, elements = rendered
    ids = {attributes(node).get("id") for node in elements} | OUTSIDE
    for node in elements:
        for attribute in ID_LISTS:
            for wanted in attributes(node).get(attribute, "").split():
                assert wanted in ids, f"{name}: {attribute} names {wanted}"


def test_ids_are_unique(rendered: tuple[str, list[dict[str, Any]]]) -> None:
    ids = [attributes(node)["id"] for node in rendered[1] if "id" in attributes(node)]
    assert len(ids) == len(set(ids))


def test_every_input_has_a_label(rendered: tuple[str, list[dict[str, Any]]]) -> None:
    name, elements = rendered
    labelled = {attributes(node).get("htmlFor") for node in elements}
    for node in elements:
        if node["name"] in ('"input"', '"textarea"', '"select"'):
            field_id = attributes(node).get("id")
            assert field_id is None or field_id in labelled, f"{name}: {field_id} has no label"


def test_icons_are_hidden_from_screen_readers(
    rendered: tuple[str, list[dict[str, Any]]],
) -> None:
    for node in rendered[1]:
        if node["name"] == '"svg"':
            assert attributes(node).get("aria-hidden") == "true"
