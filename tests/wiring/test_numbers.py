"""Every number that decides something says where it stands what it is and what set it."""

import ast
from collections.abc import Iterator

from tests.wiring.repository import REPOSITORY, our_files

PACKAGES = {"crispdeck", "web", "worker"}


def test_every_number_of_a_module_has_a_sentence() -> None:
    mute = [
        f"{path}:{line}: {name}"
        for path in our_files()
        if path.parts[0] in PACKAGES and path.suffix == ".py" and "migrations" not in path.parts
        for line, name in _mute_numbers((REPOSITORY / path).read_text())
    ]
    assert mute == []


def test_a_number_without_a_sentence_is_found() -> None:
    source = '''
A = 1  # an edge
B = 2
"""A side."""
# Three and four.
C = (3.0, -4)
D: dict[str, float] = {"d": 4 * 10**3}
E = timedelta(hours=5)
F = "six"
G = True
H = ("seven", 7)
'''
    assert [name for _, name in _mute_numbers(source)] == ["D", "E"]


def _mute_numbers(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and name of what has no comment above or beside it, and no docstring below."""
    lines, body = source.splitlines(), ast.parse(source).body
    for at, node in enumerate(body):
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not _is_number(node.value):
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        has_docstring = at + 1 < len(body) and _is_text(body[at + 1])
        beside = lines[node.lineno - 1 : node.end_lineno]
        above = lines[node.lineno - 2].startswith("#")
        if not (has_docstring or above or any("#" in line for line in beside)):
            yield node.lineno, ast.unparse(target)


def _is_number(value: ast.expr | None) -> bool:
    """Tell whether it is a number, a length of time, or a table of nothing but numbers."""
    match value:
        case ast.Constant(int() | float() as number):
            return not isinstance(number, bool)
        case ast.UnaryOp(operand=part):
            parts = [part]
        case ast.BinOp(left=left, right=right):
            parts = [left, right]
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Dict(values=parts):
            pass
        case _:
            return isinstance(value, ast.Call) and ast.unparse(value.func) == "timedelta"
    return bool(parts) and all(map(_is_number, parts))


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
