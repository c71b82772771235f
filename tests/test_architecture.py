"""The rules of the design, held against the whole code base."""

import ast
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Who may pass every policy, and why.
SERVICE_DOOR = {
    "backend/auth.py": "counts attempts of people who are not signed in yet",
    "backend/case_status.py": "answers strangers, behind a limiter that counts for all",
    "backend/database.py": "makes the door",
    "backend/documents.py": "writes verified files where people may only read",
    "backend/guides.py": "says that a draft was checked, which people may not say themselves",
    "backend/registries.py": "writes what registries answered, which people may only read",
    "backend/scheduler.py": "acts for nobody",
    "backend/seed.py": "writes the catalogue",
    "backend/web_sessions.py": "keeps what cookies stand for",
    "app/api/routes.py": "asks whether the database answers",
    "app/live.py": "reads which topics changed, never their data",
}
# Endpoints that no signed-in person stands behind, and what stands there instead.
SIGNED_OTHERWISE = {
    "sign_in": "the one-time code",
    "sign_out": "the cookie that it ends",
    "send_sms": "the hook's signature",
    "put_signed": "the signature of the upload link",
    "get_signed": "the signature of the download link",
    "bare_index": "public",
    "index": "public",
    "guide": "public",
    "my_guide": "public",
    "guide_qr": "public",
    "sitemap": "public",
    "robots": "public",
    "status_form": "public",
    "status_qr": "public",
    "show_status": "a case's code and the end of its phone number",
}
READS_ENVIRONMENT = ("backend/config.py", "backend/launch/", "backend/local_supabase/")
COMPOSES = ("rxconfig.py", "app/app.py")
# html.parser calls its hooks handle_…; that name is not ours.
FORBIDDEN_NAMES = re.compile(
    r"(^|_)(utils?|helpers?|managers?|common|misc)(_|$)|^handle_(?!starttag|startendtag|endtag|data)"
)
REFLEX_WORDS = {
    "App", "Component", "Config", "EventHandler", "NoSSRComponent", "State", "Var", "asset",
    "cond", "el", "event", "foreach", "fragment", "match", "memo", "noop", "redirect", "plugins",
    "prevent_default", "stop_propagation", "set_value", "set_focus",
}  # fmt: skip


def tracked(*endings: str) -> list[Path]:
    """Files git tracks or would track, by ending."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    paths = [ROOT / name for name in listed]
    return [p for p in paths if p.is_file() and (not endings or p.suffix in endings)]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def modules(*folders: str) -> list[Path]:
    return [p for p in tracked(".py") if name_of(p).split("/")[0] in folders]


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def breaches(folder: str, forbidden: tuple[str, ...]) -> list[str]:
    return [
        f"{name_of(path)} imports {name}"
        for path in modules(folder)
        for name in imports_of(path)
        if name.split(".")[0] in forbidden
    ]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def words_in(node: ast.AST) -> set[str]:
    found = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return found | {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}


def test_components_know_nothing_of_the_domain() -> None:
    assert breaches("components", ("app", "backend", "supabase", "httpx")) == []


def test_the_backend_knows_nothing_of_pages() -> None:
    assert breaches("backend", ("app", "components", "reflex", "reflex_base")) == []


def test_only_the_backend_speaks_to_supabase() -> None:
    assert breaches("app", ("supabase", "postgrest", "storage3", "supabase_auth", "httpx")) == []


def test_pages_do_not_import_pages() -> None:
    wrong = []
    for path in (ROOT / "app/pages").glob("*.py"):
        stem = path.stem.split("_")[0]
        for name in imports_of(path):
            parts = name.split(".")
            if parts[:2] == ["app", "pages"] and parts[2].split("_")[0] != stem:
                wrong.append(f"{path.stem} imports {name}")
    assert wrong == []


def test_the_service_door_is_used_only_where_it_is_listed() -> None:
    users = {
        name_of(p) for p in modules("app", "backend") if re.search(r"\bservice_db\b", p.read_text())
    }
    assert users == set(SERVICE_DOOR)


def test_settings_are_read_in_one_place() -> None:
    wrong = [
        name_of(p)
        for p in modules("app", "backend", "components")
        if re.search(r"os\.(environ|getenv)", p.read_text())
        and not name_of(p).startswith(READS_ENVIRONMENT)
        and name_of(p) not in COMPOSES
    ]
    assert wrong == []


def test_nothing_is_named_after_nothing() -> None:
    wrong = [name_of(p) for p in tracked(".py", ".mjs", ".jsx") if FORBIDDEN_NAMES.search(p.stem)]
    wrong += [
        f"{name_of(path)}: {function.name}"
        for path in modules("app", "backend", "components")
        for function in functions(path)
        if FORBIDDEN_NAMES.search(function.name)
    ]
    assert wrong == []


def test_modules_stay_readable() -> None:
    counted = {
        name_of(p): len(p.read_text(encoding="utf-8").splitlines())
        for p in tracked(".py", ".mjs", ".jsx")
        if not name_of(p).startswith("app/text/")
    }
    assert {name: lines for name, lines in counted.items() if lines > 400} == {}


def test_no_module_in_the_root_is_a_package() -> None:
    assert not (ROOT / "__init__.py").exists()
    assert (ROOT / "app/__init__.py").read_text() == ""


def test_every_module_and_public_function_says_what_it_promises() -> None:
    wrong = []
    for path in modules("app", "backend", "components"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if tree.body and not ast.get_docstring(tree):
            wrong.append(name_of(path))
        if path.is_relative_to(ROOT / "backend"):
            for node in tree.body:
                is_open = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
                if is_open and not node.name.startswith("_") and not ast.get_docstring(node):
                    wrong.append(f"{name_of(path)}: {node.name}")
    assert wrong == []


def _handlers(tree: ast.Module) -> Iterator[tuple[ast.ClassDef, ast.AsyncFunctionDef]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for item in node.body:
                if isinstance(item, ast.AsyncFunctionDef) and any(
                    "event" in words_in(d) for d in item.decorator_list
                ):
                    yield node, item


def _reachable(owner: ast.ClassDef, start: ast.AsyncFunctionDef) -> set[str]:
    """Words in a handler and in the methods of its class that it calls."""
    methods = {
        m.name: m for m in owner.body if isinstance(m, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    seen: set[str] = set()
    words: set[str] = set()
    waiting = [start.name]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        found = words_in(methods[name])
        words |= found
        waiting += [w for w in found if w in methods]
    return words


def test_every_handler_that_asks_the_backend_becomes_the_person_first() -> None:
    backend = {
        "applications", "people", "documents", "services", "catalogue", "divisions", "desks",
        "wallet", "registries", "guides",
    }  # fmt: skip
    wrong = []
    for path in modules("app"):
        for owner, handler in _handlers(ast.parse(path.read_text(encoding="utf-8"))):
            words = _reachable(owner, handler)
            if words & backend and not words & {"signed_in_db", "any_db"}:
                wrong.append(f"{name_of(path)}: {owner.name}.{handler.name}")
    assert wrong == []


def test_every_state_is_a_visitor() -> None:
    wrong = []
    for path in modules("app"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            # A mixin is no State: it becomes part of one.
            is_state = isinstance(node, ast.ClassDef) and not any(
                word.arg == "mixin" for word in node.keywords
            )
            if is_state and any("State" in words_in(base) for base in node.bases):
                wrong.append(f"{name_of(path)}: {node.name}")
    # The fault bar must work when everything else has failed.
    assert [w for w in wrong if w.split(": ")[1] not in ("Visitor", "Fault")] == []


def test_every_endpoint_knows_who_asks() -> None:
    wrong = []
    for path in (ROOT / "app/api").glob("*.py"):
        for function in functions(path):
            is_endpoint = any("router" in words_in(d) for d in function.decorator_list)
            if is_endpoint and "who_asks" not in words_in(function):
                wrong.append(function.name)
    assert sorted(wrong) == sorted(SIGNED_OTHERWISE)


def test_endpoints_that_change_something_are_called_by_our_pages_only() -> None:
    wrong = []
    for path in (ROOT / "app/api").glob("*.py"):
        for function in functions(path):
            is_post = any("post" in words_in(d) for d in function.decorator_list)
            if is_post and not words_in(function) & {
                "json_of_our_page",
                "body_of_our_form",
                "verified_hook",
            }:
                wrong.append(function.name)
    assert wrong == []


def test_no_radix_no_eval_no_toast() -> None:
    wrong = []
    for path in [*modules("app", "components"), ROOT / "rxconfig.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == "rx"
                and node.attr not in REFLEX_WORDS
            ):
                wrong.append(f"{name_of(path)}: rx.{node.attr}")
    assert wrong == []


def test_own_scripts_do_not_evaluate_text() -> None:
    wrong = [
        name_of(p)
        for p in tracked(".js", ".mjs", ".jsx")
        if re.search(r"\beval\(|new Function\(|innerHTML|dangerouslySetInnerHTML", p.read_text())
    ]
    assert wrong == []


def test_sentences_stand_in_the_catalogue() -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]")
    # Shown when the rest has failed, or before it was loaded.
    allowed = ("app/text/", "app/web/", "components/examples", "components/language.py",
               "app/desk_frame.py", "components/shell.py")  # fmt: skip
    wrong = []
    for path in modules("app", "components"):
        if name_of(path).startswith(allowed):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {
            id(n.body[0].value)
            for n in ast.walk(tree)
            if isinstance(n, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and n.body
            and isinstance(n.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
            if is_text and id(node) not in docstrings and chinese.search(node.value):
                wrong.append(f"{name_of(path)}:{node.lineno}")
    assert wrong == []


def test_the_product_loads_nothing_from_third_parties() -> None:
    known = re.compile(
        r"https?://(www\.(w3|sitemaps)\.org|json-schema\.org|localhost|127\.0\.0\.1)"
    )
    wrong = []
    for path in [*modules("app", "components"), *tracked(".js", ".jsx", ".mjs", ".css", ".svg")]:
        if name_of(path).startswith(("tests/", "e2e/", "bench/", "backend/local_supabase")):
            continue
        for found in re.findall(r"https?://[\w.-]+\.[a-z]{2,}", path.read_text(encoding="utf-8")):
            if not known.match(found):
                wrong.append(f"{name_of(path)}: {found}")
    assert wrong == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_python_locks_have_hashes_and_no_hosts(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "--hash=sha256:" in text
    assert not re.search(r"https?://|--index-url|--find-links|--extra-index", text)


def test_npm_locks_name_no_host() -> None:
    locks = [p for p in tracked(".json") if p.name == "package-lock.json"]
    assert locks
    for path in locks:
        packages = json.loads(path.read_text())["packages"]
        assert not [n for n, entry in packages.items() if "resolved" in entry], name_of(path)
        assert all("integrity" in e or not n or e.get("link") for n, e in packages.items())


def test_nothing_of_a_machine_or_a_secret_is_committed() -> None:
    pattern = re.compile(
        r"sb_secret_[A-Za-z0-9]{8}|BEGIN (RSA |EC )?PRIVATE KEY|/ho" r"me/\w+/|/Us" r"ers/\w+/"
    )
    wrong = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if pattern.search(text):
            wrong.append(name_of(path))
    assert wrong == []


MIGRATIONS = sorted((ROOT / "migrations").glob("*.sql"))


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda p: p.name)
def test_migrations_keep_the_conventions(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(r"^\d{4}_[a-z_]+\.sql$", path.name)
    assert text.startswith("-- "), "a file begins by saying who may do what"
    code = re.sub(r"--[^\n]*", "", text)
    assert not re.search(r"\bfor all\b", code), "one policy per command"
    assert not re.search(r"pgcrypto|uuid-ossp|uuid_generate|pg_cron|uuidv7|auth\.email\(", code)
    for definition in re.findall(r"create (?:or replace )?function (.*?) as \$\$", code, re.S):
        assert "set search_path = ''" in definition, definition[:60]
    for table in re.findall(r"create table ([\w.]+)", code):
        assert table.startswith(("public.", "private.")), table
        assert f"alter table {table} enable row level security" in code, table
    for reference in re.findall(r"references [\w.]+ \([\w, ]+\)([^,\n]*)", code):
        assert "on delete" in reference, reference


def test_each_capability_has_one_stem() -> None:
    stems = {p.stem.split("_", 1)[1] for p in MIGRATIONS}
    capabilities = {s for s in stems if not any(s.startswith(f"{o}_") for o in stems)}
    backend = {p.stem for p in (ROOT / "backend").glob("*.py")}
    # `foundation` is the closed door itself; its module is the door to the database.
    assert capabilities - {"foundation"} <= backend


def test_decisions_are_numbered() -> None:
    names = sorted(p.name for p in (ROOT / "docs/decisions").glob("*.md"))
    assert names
    assert [name[:4] for name in names] == [f"{n:04d}" for n in range(1, len(names) + 1)]
