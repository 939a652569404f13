"""What every test shares: a place for generated kernels that is not the user's own."""

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def kernel_cache(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Keep compiled kernels beside pytest's own cache, or where EXITVOICE_CACHE already says.

    They stay for the next session: their names are hashes of all that went into them, and
    tests/kernels/test_cache.py shows that an edit is never answered from an older one.
    """
    cache = getattr(request.config, "cache", None)
    folder = cache.mkdir("exitvoice-kernels") if cache is not None else tmp_path_factory.mktemp("kernels")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXITVOICE_CACHE", os.environ.get("EXITVOICE_CACHE", str(folder)))
        yield os.environ["EXITVOICE_CACHE"]
