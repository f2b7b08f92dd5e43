"""Work on a cluster gives what one core gives, in order; a cluster that would not is refused in one sentence."""

from __future__ import annotations

import dataclasses
import sys
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from game.engine.rules import Rules
from game.lab import cluster as module
from game.lab.campaigns import simulate_all
from game.lab.cluster import Cluster, ClusterError, fingerprint, on_cluster
from game.lab.extras import MissingLibrary
from game.lab.pool import PoolError, cores, elsewhere, scatter
from game.lab.trace import Trace, simulate
from tests.engine.playing import mixed
from tests.lab.extra_libraries import need

need("distributed")
import distributed  # noqa: E402


def square(x: int) -> int:
    if x < 0:
        raise ValueError(f"{x} is below zero")
    return x * x


gates: dict[int, threading.Event] = {}


def held(x: int) -> int:
    """The first item at once, the others when the cluster is being lost."""
    return x if x == 0 else int(gates[0].wait(10))


def nested(x: int) -> list[int]:
    return scatter(square, [x, x + 1], processes=1)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Two workers in threads of this process."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=":0"
    ) as local:
        yield str(local.scheduler_address)


def test_results_stand_in_the_order_of_the_items(address: str) -> None:
    heard: list[tuple[int, int]] = []
    here = cores()
    with on_cluster(address):
        assert cores() == 2
        assert scatter(square, range(9), processes=1, progress=lambda *x: heard.append(x)) == [x * x for x in range(9)]
        assert scatter(square, []) == []
        assert scatter(nested, [1, 2]) == [[1, 4], [4, 9]]
    assert heard == [(i, 9) for i in range(1, 10)] and cores() == here


def test_campaigns_on_a_cluster_are_the_same_campaigns(address: str, war: Rules) -> None:
    short = dataclasses.replace(war, quarters=3)
    one = simulate(short, range(1, 6), mixed(war.firms))
    with on_cluster(address):
        two = simulate_all(short, range(1, 6), mixed(war.firms), chunk=2)
    for field in dataclasses.fields(Trace):
        assert np.array_equal(getattr(one, field.name), getattr(two, field.name), equal_nan=True), field.name


def test_the_first_error_is_raised_and_ends_the_rest(address: str) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with on_cluster(address):
        with pytest.raises(ValueError, match="-2 is below zero"):
            scatter(square, [1, -2, 3])
        with pytest.raises(KeyboardInterrupt):
            scatter(square, range(5), progress=stop)
        assert scatter(square, [5]) == [25]


def test_a_cluster_that_is_lost_is_said_in_a_sentence() -> None:
    local = distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=":0")
    gate = threading.Event()
    gates[0] = gate

    def lose(done: int, total: int) -> None:
        gate.set()
        local.close()

    said = r"was lost before its work was done \(no connection\)"
    with pytest.raises(ClusterError, match=said), on_cluster(str(local.scheduler_address)):
        scatter(held, [0, 1, 2], progress=lose)
    assert cores() >= 1 and scatter(square, [3], processes=1) == [9]


@pytest.mark.parametrize("name", fingerprint()._fields)
def test_a_worker_that_would_give_other_results_is_refused(name: str, address: str, monkeypatch: Any) -> None:
    other = fingerprint()._replace(**{name: "other"})

    class Strange:
        def run(self, what: object) -> dict[str, object]:
            return {"tcp://a:1": fingerprint(), "tcp://b:2": other}

    with pytest.raises(ClusterError, match=r"tcp://b:2 has .*other"):
        Cluster(Strange(), "tcp://a:0").check()
    # One that joins after the check is noticed by what it sends back.
    with on_cluster(address):
        monkeypatch.setattr(module, "_signed", lambda pair: (other, 7))
        with pytest.raises(ClusterError, match=r"a worker has .*other"):
            scatter(square, [1])


def test_workers_that_cannot_run_the_program_or_are_not_there() -> None:
    class Foreign:
        def run(self, what: object) -> dict[str, object]:
            raise ModuleNotFoundError("No module named 'game'")

    class Nobody:
        def run(self, what: object) -> dict[str, object]:
            return {}

    with pytest.raises(ClusterError, match=r"cannot run this program \(No module named 'game'\)"):
        Cluster(Foreign(), "tcp://a:0").check()
    with pytest.raises(ClusterError, match="has no worker"):
        Cluster(Nobody(), "tcp://a:0").check()


@pytest.mark.parametrize("wrong", ["", "nonsense://a:1", "tcp://127.0.0.1:1"])
def test_no_such_cluster(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    with pytest.raises(PoolError, match="there is no Dask scheduler at") as caught, on_cluster(wrong):
        pass
    assert "\n" not in str(caught.value)


def test_without_a_cluster_nothing_is_imported_or_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    here = cores()
    monkeypatch.setitem(sys.modules, "distributed", None)
    with on_cluster(None):
        assert cores() == here and scatter(square, [2, 3], processes=1) == [4, 9]
    with pytest.raises(MissingLibrary, match="extra 'cluster'"), on_cluster("tcp://a:1"):
        pass


def test_elsewhere_ends_with_its_block() -> None:
    class Half:
        def workers(self) -> int:
            return 64

        def scatter(self, work: Any, items: Any, progress: Any) -> list[Any]:
            return ["there"] * len(items)

    here = cores()
    with pytest.raises(ZeroDivisionError), elsewhere(Half()):
        assert cores() == 64 and scatter(square, [1, 2]) == ["there", "there"]
        raise ZeroDivisionError
    assert cores() == here and scatter(square, [1, 2], processes=1) == [1, 4]
