from collections.abc import Iterator

import pytest
import torch

from helpers.ranks import Ranks


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Threads that wait for each other on a busy machine make small tensors slow."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def ranks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ranks]:
    """Two processes of one group, for all tests of collectives."""
    pool = Ranks(tmp_path_factory.mktemp("ranks"))
    yield pool
    pool.close()
