"""The background of this test worker, with nothing waiting."""

from tests.jobs.conftest import cell

__all__ = ["cell"]
