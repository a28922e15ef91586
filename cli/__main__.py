"""The command line: one parser, subcommands by noun, each in a module of its own with `define` and `run`.

A command loads only its own module: `./kezhi test` need not wait for the web stack. What an operator can mend is one
sentence on standard error, never a traceback.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from cli.processes import StartFailed
from tenants.errors import Fault, Refused, printable
from tenants.setting_texts import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent


class _Module(Protocol):
    def define(self, parser: argparse.ArgumentParser) -> None: ...
    def run(self, options: argparse.Namespace) -> int: ...


@dataclass(frozen=True, slots=True)
class Noun:
    """One command: its name, its module in `cli`, and its line in the help."""

    name: str
    module: str
    line: str


NOUNS = (
    Noun("up", "dev", "start everything on this machine, with a demo tenant"),
    Noun("test", "test", "run lint, types and all tests, or a part of the tests"),
    Noun("bench", "bench", "measure, and compare with the targets"),
    Noun("tenants", "tenants", "create, list, show, disable and enable tenants, set an admin's password"),
    Noun("packs", "packs", "list solution packs, install one in a tenant, write objects of a tenant as one"),
    Noun("jobs", "jobs", "list background messages that stopped for good, and run them again"),
    Noun("keys", "keys", "sign a tenant's tokens with a new key"),
    Noun("audit", "audit", "check the audit chain of a tenant"),
    Noun("migrate", "migrate", "bring catalog, cells and tenants to the present version"),
    Noun("serve", "serve", "run one process of an installation: api, worker or scheduler"),
)


class _Version(argparse.Action):
    """Reads the one place that says it, and only when it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, **given: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help=given.get("help"))

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        with (ROOT / "pyproject.toml").open("rb") as project:
            version = tomllib.load(project)["project"]["version"]
        print(f"Kezhi {version}")
        parser.exit()


def parser(chosen: str = "") -> argparse.ArgumentParser:
    """The parser of `./kezhi`, whole for the chosen command."""
    top = argparse.ArgumentParser(prog="./kezhi", description="Kezhi (客制): customer management as a GraphQL backend.")
    top.add_argument("--version", action=_Version, help="the version of this code")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for noun in NOUNS:
        one = commands.add_parser(noun.name, help=noun.line, description=f"{noun.line[0].upper()}{noun.line[1:]}.")
        if noun.name == chosen:
            module = cast("_Module", importlib.import_module(f"cli.{noun.module}"))
            module.define(one)
            one.set_defaults(run=module.run)
    return top


def main(arguments: list[str]) -> int:
    """Parse, run, answer the exit status."""
    options = parser(arguments[0] if arguments else "").parse_args(arguments)
    try:
        status: int = options.run(options)
    except (StartFailed, SettingsError) as failure:
        print(f"kezhi: {failure}", file=sys.stderr)
        return 1
    except Refused as refused:
        for violation in refused.violations:
            where, said = ".".join(map(str, violation.path)), violation.fault.message()
            print(printable(f"kezhi: {where}: {said} ({violation.fault.code})"), file=sys.stderr)
        return 1
    except Fault as fault:
        print(printable(f"kezhi: {fault.message()} ({fault.code})"), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
