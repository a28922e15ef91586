"""The configuration page names every variable that a process reads, and no other."""

from __future__ import annotations

import ast
import re

from tests.architecture import source

_VARIABLE = re.compile(r"(KEZHI_[A-Z_]+|[A-Z]+_URL)\Z")
_ROW = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)


def variables(module: source.Module) -> set[str]:
    """Names of variables that stand in a module as texts of their own."""
    texts = {node.value for node in module.nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {text for text in texts if _VARIABLE.match(text)}


def documented() -> list[str]:
    return _ROW.findall((source.ROOT / "docs" / "operations" / "configuration.md").read_text(encoding="utf-8"))


def test_page_names_every_variable_once_and_no_other() -> None:
    read = set().union(*map(variables, source.modules(*source.PRODUCT)))

    assert sorted(documented()) == sorted(read)


def test_chart_sets_known_variables_only() -> None:
    """A misspelt variable is silently ignored by every process."""
    templates = (source.ROOT / "helm" / "kezhi" / "templates").iterdir()
    named = {name for path in templates for name in re.findall(r"KEZHI_[A-Z_]+", path.read_text(encoding="utf-8"))}

    assert named - set(documented()) == set()


def test_variable_is_found() -> None:
    assert variables(source.module("a.b", 'env.get("KEZHI_PORT", "DATABASE_URL"); "KEZHI_PORT must be"')) == {
        "KEZHI_PORT",
        "DATABASE_URL",
    }
