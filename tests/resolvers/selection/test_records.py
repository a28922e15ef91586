from __future__ import annotations

from resolvers.selection.errors import PagingMixed
from services.query.plan import (
    ChildAggregate,
    ChoiceLabel,
    Connection,
    ConnectionPart,
    ConnectionRoot,
    Edges,
    Leaf,
    MoneyLeaf,
    NodeRoot,
    Nodes,
    Page,
    Parameter,
    RecordRoot,
    Selection,
    Simple,
    ToMany,
    ToOne,
    Typename,
)
from tenants.ids import IdMaker
from tests.builders.selections import compiled, registry, root_of


def connection(text: str, **variables: object) -> Connection:
    root = root_of(text, **variables)
    assert isinstance(root, ConnectionRoot)
    return root.connection


def test_record_is_read_by_its_id() -> None:
    root = root_of('{ him: customer(id: "x") { id kind: __typename title: name } }')

    assert root == RecordRoot(
        "him",
        Selection("customer", (Leaf("id", "id"), Typename("kind", "Customer"), Leaf("title", "name"))),
        Parameter(0),
    )


def test_members_of_a_record() -> None:
    root = root_of("""{ opportunity(id: "x") {
        amount { amount code: currency } stageLabel(locale: "en") customerId
        customer { owner { name } contacts { totalCount } contactsAggregate { count } }
    } }""")
    assert isinstance(root, RecordRoot)
    money, label, identity, customer = root.selection.items

    assert money == MoneyLeaf("amount", "amount", (("amount", "amount"), ("code", "currency")))
    assert label == ChoiceLabel("stageLabel", "stage", Parameter(0))
    assert identity == Leaf("customerId", "customerId")
    assert isinstance(customer, ToOne)
    owner, contacts, aggregate = customer.selection.items
    assert owner == ToOne("owner", "owner", Selection("user", (Leaf("name", "name"),)))
    assert isinstance(contacts, ToMany)
    assert isinstance(aggregate, ChildAggregate)
    assert contacts.connection.object_name == aggregate.aggregate.object_name == "contact"


def test_parts_of_a_connection_are_in_response_order() -> None:
    found = connection("""{ customers {
        __typename pageInfo { more: hasNextPage } n: totalCount totalCountIsExact
        nodes { id } edges { cursor node { name } __typename }
    } }""")

    assert found.parts == (
        Simple("__typename", ConnectionPart.TYPENAME, "CustomerConnection"),
        Simple("pageInfo", ConnectionPart.PAGE_INFO, members=(("more", "hasNextPage"),)),
        Simple("n", ConnectionPart.TOTAL_COUNT),
        Simple("totalCountIsExact", ConnectionPart.TOTAL_COUNT_IS_EXACT),
        Nodes("nodes", Selection("customer", (Leaf("id", "id"),))),
        Edges(
            "edges",
            (
                ("cursor", "cursor", None),
                ("node", "node", Selection("customer", (Leaf("name", "name"),))),
                ("__typename", "__typename", None),
            ),
        ),
    )


def test_page_is_twenty_unless_asked_otherwise() -> None:
    assert compiled("{ customers { totalCount } }").sources == (20,)
    assert connection('{ customers(first: 5, after: "c") { totalCount } }').page == Page(Parameter(0), Parameter(1))
    assert connection('{ customers(last: 5, before: "c") { totalCount } }').page == Page(
        Parameter(0), Parameter(1), backward=True
    )


def test_both_directions_at_once_are_refused() -> None:
    for arguments in ("first: 1, last: 1", 'first: 1, before: "c"', 'last: 1, after: "c"'):
        refused = compiled(f"{{ customers({arguments}) {{ totalCount }} }}").refused
        assert [type(each) for each in refused.values()] == [PagingMixed]


def test_bin_is_read_on_request() -> None:
    assert connection("{ customers(deleted: true) { totalCount } }").trashed
    assert not connection("{ customers(deleted: false) { totalCount } }").trashed


def test_node_selects_for_the_object_of_its_id_only() -> None:
    contact = str(IdMaker().new(registry().names["contact"].number))

    root = root_of(
        "query ($id: ID!) { node(id: $id) { id ... on Contact { title } ... on Customer { name } } }", id=contact
    )

    assert isinstance(root, NodeRoot)
    assert root.selections == (Selection("contact", (Leaf("id", "id"), Leaf("title", "title"))),)


def test_node_of_no_object_is_null() -> None:
    found = compiled('{ node(id: "01890000-0000-7000-8000-000000000001") { id } }')

    assert found.plan.roots == ()
    assert found.constants == {"node": b"null"}
