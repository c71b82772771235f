"""Sentences of forms and of the page that fills one in."""

TEXT: dict[str, str] = {
    "place.township": "先选乡镇或街道",
    "place.village": "再选村或社区",
}
