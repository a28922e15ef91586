"""What an older key sealed is sealed anew, and nothing else of the records moves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from uuid import UUID

from services import secrets as sealing
from tenants.secret_keys import kid_of
from tests.builders import secrets
from tests.builders.mutations import mutate
from tests.builders.secrets import NUMBER

if TYPE_CHECKING:
    from tests.builders.tenants import Tenant
    from tests.clients import Client

Person = Callable[[str], Awaitable["Client"]]


async def test_values_of_older_keys_are_sealed_anew(person: Person, company: Tenant) -> None:
    admin, keys = await person("admin"), company.installation.secrets
    await secrets.add_secret(company, "idNumber_c")
    old, binned, empty = [
        await secrets.keep(admin, name, **({"idNumber_c": NUMBER} if name != "None" else {}))
        for name in ("Old", "Bin", "None")
    ]
    await mutate(admin, "deleteCustomer", id=binned)
    kid = await keys.rotate(company.placement.tenant_id)
    ring = await keys.opening(company.placement.tenant_id)

    assert await company.write(lambda work: sealing.seal_some(work, ring)) == 2
    assert await company.write(lambda work: sealing.seal_some(work, ring)) == 0

    after = await secrets.kept(company, "idNumber_c")
    assert {kid_of(each) for each in after.values()} == {kid}
    assert after.keys() == {UUID(old), UUID(binned)}
    found = await admin.data(f'{{ customer(id: "{old}") {{ idNumber_c version }} }}')
    assert found["customer"] == {"idNumber_c": NUMBER, "version": 1}
    assert await secrets.read(admin, empty, "idNumber_c") is None


async def test_process_that_met_the_new_key_seals_with_it(person: Person, company: Tenant) -> None:
    admin, keys = await person("admin"), company.installation.secrets
    await secrets.add_secret(company, "taxNumber_c")
    first = await secrets.keep(admin, "First", taxNumber_c=NUMBER)
    kid = await keys.rotate(company.placement.tenant_id)
    ring = await keys.opening(company.placement.tenant_id)
    await company.write(lambda work: sealing.seal_some(work, ring))

    assert await secrets.read(admin, first, "taxNumber_c") == NUMBER
    second = await secrets.keep(admin, "Second", taxNumber_c=NUMBER)

    assert kid_of((await secrets.kept(company, "taxNumber_c"))[UUID(second)]) == kid
