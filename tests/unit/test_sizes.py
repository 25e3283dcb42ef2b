"""Sizes of modules and functions that ruff cannot check. Nesting and statements are ruff's, in pyproject.toml."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import pytest

from tests.support.paths import ROOT

PROMOTER = ROOT / "functions" / "promoter"
TREES = (PROMOTER, ROOT / "local", ROOT / "emulator" / "src", ROOT / "deploy", ROOT / "bench")
NOT_CORE = ("versions", "cli")  # parsers of a grammar, and printing
BRANCHES = (
    *(ast.If, ast.For, ast.While, ast.ExceptHandler, ast.match_case),
    *(ast.IfExp, ast.comprehension),  # a comprehension has one for each `for`
)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(tree: Path) -> list[Path]:
    return sorted(tree.rglob("*.py"))


def functions(path: Path) -> Iterator[Function]:
    parsed = ast.parse(path.read_text("utf-8"))
    return (node for node in ast.walk(parsed) if isinstance(node, FUNCTIONS))


def lines(path: Path, node: Function | None = None) -> int:
    """Count the lines of a module or a function that are not blank."""
    text = path.read_text("utf-8").splitlines()
    if node is not None:
        text = text[node.lineno - 1 : node.end_lineno]
    return sum(bool(line.strip()) for line in text)


def branches(node: ast.AST) -> int:
    """Count the branches of a function; those of a function inside it are its own."""
    found = 0
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, FUNCTIONS):
            found += isinstance(child, BRANCHES) + branches(child)
            found += len(child.values) - 2 if isinstance(child, ast.BoolOp) else 0
            found += len(child.ifs) if isinstance(child, ast.comprehension) else 0
    return found


def name(path: Path, node: Function) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"


def test_modules_have_at_most_200_lines() -> None:
    sizes = {path: lines(path) for tree in TREES for path in modules(tree)}
    assert {str(path.relative_to(ROOT)): size for path, size in sizes.items() if size > 200} == {}


def test_functions_have_at_most_40_lines() -> None:
    sizes = {
        name(path, node): lines(path, node)
        for tree in TREES
        for path in modules(tree)
        for node in functions(path)
    }
    assert {function: size for function, size in sizes.items() if size > 40} == {}


def test_most_functions_of_the_promoter_are_short() -> None:
    sizes = [lines(path, node) for path in modules(PROMOTER) for node in functions(path)]
    assert median(sizes) <= 10
    assert quantiles(sizes, n=10)[-1] <= 25


def test_functions_of_the_core_have_at_most_8_branches() -> None:
    core = [path for path in modules(PROMOTER) if path.relative_to(PROMOTER).parts[0] not in NOT_CORE]
    counts = {name(path, node): branches(node) for path in core for node in functions(path)}
    assert {function: count for function, count in counts.items() if count > 8} == {}


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("return a", 0),
        ("return a and b", 0),
        ("return a and b and c", 1),
        ("return a if b else c", 1),
        ("return [a for a in b if a]", 2),
        ("return {a: c for a in b for c in a}", 2),
        ("if a: pass\n    elif b: pass\n    else: pass", 2),
        ("for a in b:\n        while a: pass", 2),
        ("try: pass\n    except A: pass\n    except B: pass", 2),
        ("def g():\n        if a: pass", 0),
    ],
)
def test_branches_are_counted_in_statements_and_expressions(body: str, count: int) -> None:
    assert branches(ast.parse(f"def f():\n    {body}").body[0]) == count
