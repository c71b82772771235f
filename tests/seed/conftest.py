"""What the seed folder holds, read once for all checks of its content."""

from typing import Any

import pytest
from seed_files import SERVICE_FILES, read


@pytest.fixture(scope="session")
def divisions() -> dict[str, Any]:
    return read("divisions.json")


@pytest.fixture(scope="session")
def departments() -> list[dict[str, Any]]:
    return read("departments.json")


@pytest.fixture(scope="session")
def people() -> list[dict[str, Any]]:
    return read("people.json")


@pytest.fixture(scope="session")
def service_hours() -> list[dict[str, Any]]:
    return read("service_hours.json")


@pytest.fixture(scope="session")
def services() -> list[dict[str, Any]]:
    return [read(f"services/{code}.json") for code in SERVICE_FILES]


@pytest.fixture(scope="session")
def applicable(services: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [service for service in services if service["is_applicable"]]


@pytest.fixture(params=SERVICE_FILES)
def service(request: pytest.FixtureRequest) -> dict[str, Any]:
    return read(f"services/{request.param}.json")
