"""What the build leaves behind: service worker, hashes, and little JavaScript."""

import json
from pathlib import Path

import pytest

from app.web import policy, pwa
from app.web.build import drop_second_copies, let_looks_come_first, with_our_plugin
from app.web.weight import LIMIT_BYTES, page_weights


def test_worker_keeps_pages_by_their_final_address(static_dir: Path) -> None:
    script = (static_dir / "sw.js").read_text("utf-8")
    kept = json.loads(script.split("const PRECACHE = ")[1].split(";\n")[0])
    assert "/" in kept
    assert "/__spa-fallback.html" in kept
    assert all("." in address.rsplit("/", 1)[1] or address.endswith("/") for address in kept)
    assert not any(address.startswith(("/dev/", "/api/")) for address in kept)
    assert all(
        (static_dir / (a[1:] + "index.html" if a.endswith("/") else a[1:])).exists() for a in kept
    )


def test_worker_never_answers_for_data(static_dir: Path) -> None:
    script = (static_dir / "sw.js").read_text("utf-8")
    for prefix in ("/api/", "/_event", "/storage/", "/dev/"):
        assert f'"{prefix}"' in script
    assert "ignoreVary: true" in script


def test_worker_changes_with_any_page(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("one")
    pwa.write_service_worker(tmp_path, "__VERSION__ __PRECACHE__")
    first = (tmp_path / "sw.js").read_text()
    (tmp_path / "index.html").write_text("two")
    pwa.write_service_worker(tmp_path, "__VERSION__ __PRECACHE__")
    assert (tmp_path / "sw.js").read_text() != first


def test_inline_scripts_are_hashed_and_inline_styles_refused(tmp_path: Path) -> None:
    folder = tmp_path / "client"
    folder.mkdir()
    (folder / "index.html").write_text('<script>a < b && "c"</script><script src="/x.js"></script>')
    hashes = policy.write_script_hashes(folder)
    assert hashes == {"/": [policy.script_hash('a < b && "c"')]}
    assert policy.read_script_hashes(folder) == hashes
    (folder / "index.html").write_text('<p style="color:red">x</p>')
    with pytest.raises(ValueError, match="inline style"):
        policy.write_script_hashes(folder)


def test_a_page_has_one_address(tmp_path: Path) -> None:
    (tmp_path / "list").mkdir()
    for name in ("index.html", "list/index.html", "list.html", "404.html"):
        (tmp_path / name).write_text("x")
    drop_second_copies(tmp_path)
    left = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.html"))
    assert left == ["404.html", "index.html", "list/index.html"]


def test_scripts_let_the_looks_come_first(tmp_path: Path, static_dir: Path) -> None:
    (tmp_path / "index.html").write_text('<link rel="modulepreload" href="/a.js"/>')
    let_looks_come_first(tmp_path)
    wanted = '<link rel="modulepreload" fetchpriority="low" href="/a.js"/>'
    assert (tmp_path / "index.html").read_text() == wanted
    home = (static_dir / "index.html").read_text("utf-8")
    assert 'rel="modulepreload" fetchpriority="low"' in home
    assert 'rel="modulepreload" href' not in home


def test_no_page_asks_for_a_theme(static_dir: Path) -> None:
    assert 'localStorage.getItem("theme")' not in (static_dir / "index.html").read_text("utf-8")


def test_bundler_is_hooked_once() -> None:
    config = "plugins: [ reactRouter(), ]"
    assert with_our_plugin(with_our_plugin(config)).count("onetrip(),") == 1
    with pytest.raises(RuntimeError):
        with_our_plugin("plugins: []")


def test_bundle_has_no_eval(static_dir: Path) -> None:
    for script in (static_dir / "assets").glob("*.js"):
        text = script.read_text("utf-8")
        assert "eval(`" not in text, script.name


def test_first_visit_is_light(static_dir: Path) -> None:
    for weight in page_weights(static_dir):
        assert weight.script_bytes <= LIMIT_BYTES, weight
