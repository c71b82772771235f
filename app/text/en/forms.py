"""Sentences of forms and of the page that fills one in."""

TEXT: dict[str, str] = {
    "place.township": "First the township",
    "place.village": "Then the village or community",
}
