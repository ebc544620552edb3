"""The settings of a fork server as its command line gives them."""

from pathlib import Path

import pytest

from forumkg.engine.connection import Engine
from forumkg.engine.profiles import PROFILES
from forumkg.workers.engine_fork_server import EngineForkSettings
from forumkg.workers.queries import Limits, QueryForkSettings

# Each limit differs from its default.
LIMITS = Limits(
    timeout=1.5,
    memory=2,
    workers=3,
    slow_workers=5,
    fast_seconds=0.5,
    queue=6,
    max_result=7,
    spool=8,
    in_memory=9,
)


@pytest.mark.parametrize("store", [None, Path("/srv/a store/1"), Path('/srv/"quoted"')])
@pytest.mark.parametrize("confined", [True, False])
def test_settings_of_queries_are_read_back(store: Path | None, confined: bool) -> None:
    """Every limit, any path and either confinement come back as they were."""
    settings = QueryForkSettings(store, LIMITS, confined)

    module, *words = settings.command(11)

    assert module == "forumkg.workers.query_fork_server"
    assert QueryForkSettings.read(words) == (settings, 11)


@pytest.mark.parametrize("confined", [True, False])
def test_settings_of_an_engine_are_read_back(confined: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every limit, the engine and its graphs come back as they were."""
    monkeypatch.delenv("FORUMKG_ENGINE_AUTHORIZATION", raising=False)
    profile = next(each for each in PROFILES.values() if each.names_graphs)
    engine = Engine(profile, "https://example.org/data?a=1", ("urn:a", "urn:b"))
    settings = EngineForkSettings(engine, LIMITS, confined)

    module, *words = settings.command(11)

    assert module == "forumkg.workers.engine_fork_server"
    assert EngineForkSettings.read(words) == (settings, 11)
