"""Every job is done, whoever does it and whatever dies on the way; every fault is one sentence."""

from __future__ import annotations

import logging
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil  # comes with distributed
import pytest

from comity.errors import BadInput, ComityError, MissingExtra
from comity.scenarios.work import runners
from comity.scenarios.work.runners import Dask, Here, Processes, runner

JOBS = list(range(7))


def square(number: int) -> int:
    return number * number


def process(number: int) -> int:
    return os.getpid()


def dies_once(told: tuple[str, int]) -> int:
    """Kills the process that does job 3 for the first time."""
    mark, number = Path(told[0]), told[1]
    if number == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def dies(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def is_deaf(number: int) -> bool:
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def refuses(number: int) -> int:
    raise BadInput(f"job {number} cannot be done.")


@pytest.fixture(params=["here", "processes", "dask"])
def chosen(request):
    if request.param == "dask":
        return Dask(1, request.getfixturevalue("cluster"))
    return Here() if request.param == "here" else Processes(2)


def test_every_result_comes_with_its_number(chosen):
    with chosen:
        assert dict(chosen.each(square, JOBS)) == {number: number * number for number in JOBS}


def test_what_a_job_refuses_is_told_in_its_own_words(chosen):
    with chosen, pytest.raises(BadInput, match="job 0 cannot be done"):
        list(chosen.each(refuses, [0]))


def test_nothing_to_do_is_done(chosen):
    with chosen:
        assert list(chosen.each(square, [])) == []


@pytest.mark.parametrize("make", [lambda _: Processes(2), lambda address: Dask(1, address)], ids=["processes", "dask"])
def test_a_killed_workers_jobs_are_done_by_others(make, cluster, tmp_path):
    mark = tmp_path / "died"
    with make(cluster) as chosen:
        found = list(chosen.each(dies_once, [(str(mark), number) for number in JOBS]))
    assert mark.exists()
    assert sorted(found) == [(number, number * number) for number in JOBS]


def test_a_job_that_kills_every_worker_ends_the_work_with_one_sentence():
    with Processes(2) as chosen, pytest.raises(ComityError, match="died 3 times .* want of memory"):
        list(chosen.each(dies, [0]))


def test_the_processes_are_others_and_no_more_than_wanted():
    with Processes(2) as chosen:
        seen = {pid for _, pid in chosen.each(process, JOBS)}
    assert os.getpid() not in seen
    assert 1 <= len(seen) <= 2


def test_ctrl_c_is_for_the_one_that_began_them():
    with Processes(2) as chosen:
        assert [deaf for _, deaf in chosen.each(is_deaf, JOBS)] == [True] * len(JOBS)


def test_work_that_is_given_up_leaves_no_process_behind():
    import multiprocessing

    before = set(multiprocessing.active_children())
    with Processes(2) as chosen:
        coming = chosen.each(process, JOBS)
        next(coming)
        begun = set(multiprocessing.active_children()) - before
        coming.close()
    assert not set(multiprocessing.active_children()) - before
    assert begun and {child.exitcode for child in begun} == {-signal.SIGTERM}  # nobody waited for what was in hand


def test_work_that_is_given_up_is_taken_from_the_cluster(cluster):
    with Dask(1, cluster) as chosen:
        coming = chosen.each(process, JOBS)
        next(coming)
        coming.close()
    with Dask(1, cluster) as chosen:
        assert chosen.workers == 2
        assert chosen._client.run_on_scheduler(lambda dask_scheduler: list(dask_scheduler.tasks)) == []


def test_our_own_cluster_listens_to_this_machine_alone():
    before = _listening(os.getpid())
    with Dask(1, None) as chosen:
        (pid,) = set(chosen._client.run(process, 0).values())
        assert pid != os.getpid()
        scheduler, worker = _listening(os.getpid()) - before, _listening(pid)
    assert scheduler and worker
    assert {host for host, _ in scheduler | worker} == {"127.0.0.1"}


def _listening(pid: int) -> set[tuple[str, int]]:
    """Hosts and ports on which a process listens."""
    found = psutil.Process(pid).net_connections(kind="tcp")
    return {tuple(one.laddr) for one in found if one.status == psutil.CONN_LISTEN}


def test_all_faults_of_a_runner_are_told_at_once():
    with pytest.raises(BadInput) as told:
        runner("spark", 0, " ")
    assert len(str(told.value).splitlines()) == 3
    with pytest.raises(BadInput, match="choose --engine dask"):
        runner("local", 2, "tcp://127.0.0.1:8786")
    with pytest.raises(BadInput, match="whole number from 1 to 512"):
        runner("local", "two")


def test_a_scheduler_that_is_not_there_is_one_sentence(monkeypatch, caplog):
    monkeypatch.setattr(runners, "CONNECT_S", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    loud = logging.getLogger("distributed").level
    for wrong in (address, "nonsense", "http://127.0.0.1:80"):
        with pytest.raises(BadInput, match="No Dask scheduler answers at") as told, runner("dask", 2, wrong):
            pass
        assert len(str(told.value).splitlines()) == 1 and wrong in str(told.value)
    assert not caplog.records
    assert logging.getLogger("distributed").level == loud


def test_a_scheduler_without_workers_is_one_sentence(monkeypatch):
    from distributed import LocalCluster

    monkeypatch.setattr(runners, "WORKERS_S", 0.5)
    with LocalCluster(n_workers=0, dashboard_address=runners.HERE_ALONE) as empty:
        address = empty.scheduler_address
        with pytest.raises(BadInput, match=f"has no worker. Start some: dask worker {address}"), Dask(1, address):
            pass


DASK = [sys.executable, "-m", "dask"]


def test_a_scheduler_that_dies_in_the_middle_is_one_sentence():
    words = [*DASK, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as other:
        address = next(found[0] for line in other.stderr if (found := re.findall(r"Scheduler at:\s+(\S+)", line)))
        mine = subprocess.Popen([*DASK, "worker", address, "--no-nanny", "--no-dashboard"], stderr=subprocess.DEVNULL)
        with Dask(1, address) as chosen, pytest.raises(ComityError, match=f"scheduler at {address} has gone. Start it"):
            for _ in chosen.each(square, range(200)):
                other.kill()
        mine.kill()
        mine.wait()


BARE = """
import sys
sys.modules["comity"] = None  # as where it is not installed
sys.argv = ["dask", "worker", {address!r}, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
from dask.__main__ import main
main()
"""


def test_workers_without_comity_are_told_before_they_are_given_work():
    from distributed import LocalCluster

    with LocalCluster(n_workers=0, dashboard_address=runners.HERE_ALONE) as empty:
        bare = subprocess.Popen(
            [sys.executable, "-c", BARE.format(address=empty.scheduler_address)], stderr=subprocess.DEVNULL
        )
        try:
            with pytest.raises(MissingExtra, match="have no Comity"), Dask(1, empty.scheduler_address):
                pass
        finally:
            bare.kill()
            bare.wait()


def test_without_the_extra_the_sentence_has_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtra, match=r"pip install 'comity\[cluster\]'"):
        runner("dask", 2)
