"""How many compressed bytes a first visit to each page costs; `python -m app.web.weight` prints."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

LIMIT_BYTES = 160 * 1024


@dataclass(frozen=True, slots=True)
class Weight:
    """Brotli bytes of one page's first visit, without the service worker's later fetching."""

    page: str
    script_bytes: int
    style_bytes: int
    html_bytes: int


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.scripts: set[str] = set()
        self.styles: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "script" and (source := attributes.get("src")):
            self.scripts.add(source)
        if tag == "link" and (target := attributes.get("href")):
            if attributes.get("rel") == "modulepreload":
                self.scripts.add(target)
            elif attributes.get("rel") == "stylesheet":
                self.styles.add(target)


def page_weights(static_dir: Path) -> Iterator[Weight]:
    """Weigh every prerendered page: all scripts it names, whether preloaded or deferred."""
    for html in sorted(static_dir.rglob("index.html")):
        links = _Links()
        links.feed(html.read_text("utf-8"))
        yield Weight(
            page="/" + html.relative_to(static_dir).as_posix().removesuffix("index.html"),
            script_bytes=sum(_compressed(static_dir, path) for path in links.scripts),
            style_bytes=sum(_compressed(static_dir, path) for path in links.styles),
            html_bytes=_compressed(static_dir, "/" + html.relative_to(static_dir).as_posix()),
        )


def _compressed(static_dir: Path, address: str) -> int:
    plain = static_dir / address.lstrip("/")
    packed = plain.with_name(plain.name + ".br")
    return (packed if packed.exists() else plain).stat().st_size


def main() -> None:
    """One line a page: KiB of script, style and markup."""
    for weight in page_weights(Path(sys.argv[1] if len(sys.argv) > 1 else ".web/build/client")):
        sizes = (weight.script_bytes, weight.style_bytes, weight.html_bytes)
        kib = "  ".join(f"{size / 1024:7.1f}" for size in sizes)
        sys.stdout.write(f"{kib}  {weight.page}\n")


if __name__ == "__main__":
    main()
