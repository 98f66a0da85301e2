from tests.cycle.conftest import configure, site

__all__ = ["configure", "site"]
