"""Why a start cannot go on, in one sentence per language."""


class Trouble(Exception):
    """Ends the launcher with these sentences and a non-zero exit."""

    def __init__(self, zh: str, en: str):
        super().__init__(en)
        self.zh = zh
        self.en = en

    def __str__(self) -> str:
        return f"{self.zh}\n{self.en}"
