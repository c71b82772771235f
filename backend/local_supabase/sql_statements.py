"""Splits a migration into statements, as the official command line stores them in its history."""

import re

_TOKEN = re.compile(
    r"""
    (?P<comment>--[^\n]*)
  | (?P<block>/\*)
  | (?P<escaped>[eE]'(?:[^'\\]|''|\\.)*')
  | (?P<text>'(?:[^']|'')*')
  | (?P<name>"(?:[^"]|"")*")
  | (?P<dollar>\$(?:[A-Za-z_\x80-\uffff][\w\x80-\uffff]*)?\$)
  | (?P<end>;)
  | (?P<word>[A-Za-z_\x80-\uffff][\w$\x80-\uffff]*)
    """,
    re.VERBOSE | re.DOTALL,
)


def split_statements(script: str) -> list[str]:
    """Statements without their semicolons, comments kept, in order.

    Quotes, dollar quotes, nested comments and `begin atomic … end` bodies are left whole.
    """
    statements: list[str] = []
    start = at = 0
    atomic_depth = 0
    previous_word = ""
    while match := _TOKEN.search(script, at):
        kind, at = match.lastgroup, match.end()
        if kind == "block":
            at = _after_block_comment(script, at)
        elif kind == "dollar":
            closing = script.find(match.group(), at)
            at = len(script) if closing < 0 else closing + len(match.group())
        elif kind == "word":
            word = match.group().lower()
            atomic_depth = _atomic_depth(atomic_depth, previous_word, word)
            previous_word = word
        elif kind == "end" and atomic_depth == 0:
            statements.append(script[start : match.start()].strip())
            start, previous_word = at, ""
    statements.append(script[start:].strip())
    return [statement for statement in statements if statement]


def _atomic_depth(depth: int, previous_word: str, word: str) -> int:
    if word == "atomic" and previous_word == "begin":
        return depth + 1
    if depth and word == "case" and previous_word != "end":
        return depth + 1
    if depth and word == "end":
        return depth - 1
    return depth


def _after_block_comment(script: str, at: int) -> int:
    depth = 1
    for mark in re.finditer(r"/\*|\*/", script[at:]):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return at + mark.end()
    return len(script)
