"""The steps that are ours in Reflex's production build."""

from pathlib import Path
from typing import Any

from reflex_base.plugins import Plugin

from app.web import policy, pwa

_BROWSER = Path(__file__).parent / "browser"
# Written beside the generated sources, where `react` resolves.
_BUNDLER_FILES = ("vite.js", "jsx.js", "cookies.js", "merge.js", "theme.js")
_VITE_CONFIG = "vite.config.js"
_IMPORT = 'import onetrip from "./onetrip/vite.js";\n'
_PLUGIN_LIST = "reactRouter(),"


class WebBuild(Plugin):
    """Leaves out unused libraries, then writes the service worker and the hashes of scripts."""

    def get_static_assets(self, **context: Any) -> list[tuple[Path, str | bytes]]:
        """The bundler's own files, and the script that runs beside every page."""
        files: list[tuple[Path, str | bytes]] = [
            (Path("onetrip") / name, (_BROWSER / name).read_text("utf-8"))
            for name in _BUNDLER_FILES
        ]
        files.append((Path("public") / "shell.js", (_BROWSER / "shell.js").read_text("utf-8")))
        files.append((Path("styles") / "shell.css", (_BROWSER / "shell.css").read_text("utf-8")))
        return files

    def get_stylesheet_paths(self, **context: Any) -> list[str]:
        """The looks of the bars that are ours."""
        return ["./shell.css"]

    def pre_compile(self, **context: Any) -> None:
        """Hook our part of the bundler into the generated configuration."""
        context["add_modify_task"](_VITE_CONFIG, with_our_plugin)

    def post_build(self, **context: Any) -> None:
        """After the pages are there: what may run on them, and what works without network."""
        static_dir: Path = context["static_dir"]
        drop_second_copies(static_dir)
        let_looks_come_first(static_dir)
        policy.write_script_hashes(static_dir)
        pwa.write_service_worker(static_dir, (_BROWSER / "sw.js").read_text("utf-8"))


def with_our_plugin(config: str) -> str:
    """Add the plugin before the router's, once."""
    if _IMPORT in config:
        return config
    if _PLUGIN_LIST not in config:
        message = f"{_VITE_CONFIG} has changed: no {_PLUGIN_LIST!r} in it"
        raise RuntimeError(message)
    return _IMPORT + config.replace(_PLUGIN_LIST, f"onetrip(), {_PLUGIN_LIST}", 1)


def let_looks_come_first(static_dir: Path) -> None:
    """On a thin line the stylesheet must not share the way with the scripts: a page that shows
    its words first is a page that is there."""
    for file in static_dir.rglob("*.html"):
        page = file.read_text("utf-8")
        file.write_text(
            page.replace(
                '<link rel="modulepreload"', '<link rel="modulepreload" fetchpriority="low"'
            ),
            "utf-8",
        )


def drop_second_copies(static_dir: Path) -> None:
    """Reflex copies /name/index.html to /name.html; one page has one address here."""
    for index in static_dir.rglob("index.html"):
        copy = index.parent.with_suffix(".html")
        if index.parent != static_dir and copy.exists():
            copy.unlink()
