"""Every message of the services has an actor."""

from __future__ import annotations

from jobs import registry
from jobs.actor import ACTORS
from services.messages import Message


def messages(base: type[Message] = Message) -> set[str]:
    """The names of all kinds of messages that are not only a base of others."""
    found = {base.name} if "name" in base.__dict__ else set()
    return found.union(*(messages(each) for each in base.__subclasses__() if each.__module__.startswith("services.")))


def test_every_message_of_the_services_has_an_actor() -> None:
    assert set(registry.actors()) - {name for name in ACTORS if name.startswith("test.")} == messages()


def test_names_are_nouns_with_a_verb() -> None:
    assert all(len(name.split(".")) == 2 for name in registry.actors())
