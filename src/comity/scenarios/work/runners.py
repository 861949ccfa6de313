"""Who does the work: this process, several processes of this machine, or the workers of a Dask cluster.

A runner does jobs, each a value that travels to a worker, and hands back every result as soon as it is there. A worker
that is killed costs what it had in hand, which others do again. Nothing here knows what a job is.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from itertools import islice
from typing import Any, Protocol, TypeVar

from comity.errors import BadInput, ComityError, MissingExtra

NAMES = ("local", "dask")
MOST_PROCESSES = 512
LOST_IN_A_ROW = 3  # times that workers may die before any job is done: then it is the job that kills them
CONNECT_S = 5.0
WORKERS_S = 15.0  # in which a scheduler's first worker must have come
HERE_ALONE = "127.0.0.1:0"  # Dask would rather be asked by the whole world
Job = TypeVar("Job")
Result = TypeVar("Result")


class Runner(Protocol):
    """Does jobs between `with` and its end. `workers` : how many jobs it does at once, known once it is entered."""

    workers: int

    def __enter__(self) -> Runner: ...

    def __exit__(self, *fault) -> None: ...

    def each(self, do: Callable[[Job], Result], jobs: Sequence[Job]) -> Generator[tuple[int, Result], None, None]:
        """(number of a job, do(job)) as they are done, in any order. What `do` raises ends the work and is raised here."""


def runner(name: str = "local", processes: int = 1, address: str | None = None) -> Runner:
    """A runner by name: "local" or "dask", the latter at an address or on a cluster of this machine's own.

    Raises BadInput with every fault of the three, MissingExtra where Dask is wanted and not there. Nobody is called yet.
    """
    faults = []
    if name not in NAMES:
        faults.append(f"engine {name!r}: choose {' or '.join(NAMES)}.")
    if not isinstance(processes, int) or isinstance(processes, bool) or not 1 <= processes <= MOST_PROCESSES:
        faults.append(f"processes {processes!r}: a whole number from 1 to {MOST_PROCESSES} is needed.")
    if address is not None and not str(address).strip():
        faults.append("address is empty: give the scheduler's as tcp://HOST:8786, or leave it out.")
    elif address is not None and name == "local":
        faults.append(f"address {address!r}: only the engine dask has one; choose --engine dask, or leave it out.")
    if faults:
        raise BadInput("\n".join(faults))
    if name == "dask":
        return Dask(processes, address)
    return Here() if processes == 1 else Processes(processes)


class Here:
    """This process, one job after another."""

    workers = 1

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *fault) -> None:
        pass

    def each(self, do: Callable[[Job], Result], jobs: Sequence[Job]) -> Generator[tuple[int, Result], None, None]:
        """See Runner; in order."""
        return ((number, do(job)) for number, job in enumerate(jobs))


class Processes:
    """Processes of this machine. They begin anew, not as copies of this one: the search library has threads."""

    def __init__(self, workers: int):
        self.workers = workers

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *fault) -> None:
        pass

    def each(self, do: Callable[[Job], Result], jobs: Sequence[Job]) -> Generator[tuple[int, Result], None, None]:
        """See Runner. Raises ComityError when workers die three times with nothing done in between."""
        left = dict(enumerate(jobs))
        lost = 0
        while left:
            before = len(left)
            try:
                yield from self._round(do, left)
            except BrokenProcessPool:
                lost = 1 if len(left) < before else lost + 1
                if lost >= LOST_IN_A_ROW:
                    raise ComityError(_DIED.format(f"{LOST_IN_A_ROW} times", "--processes")) from None

    def _round(self, do, left: dict[int, Any]) -> Iterator[tuple[int, Any]]:
        """Jobs as they are done, each taken out of `left`. Raises BrokenProcessPool when a worker dies."""
        others = set(multiprocessing.active_children())
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(min(self.workers, len(left)), context, _begin)
        try:
            waiting: dict[Future, int] = {}
            coming = iter(list(left.items()))
            while left:
                for number, job in islice(coming, 2 * self.workers - len(waiting)):
                    waiting[pool.submit(do, job)] = number
                for done in wait(waiting, return_when=FIRST_COMPLETED).done:
                    number, result = waiting.pop(done), done.result()
                    del left[number]
                    yield number, result
        except BaseException:  # whoever has had enough does not wait for what is in hand
            for child in set(multiprocessing.active_children()) - others:
                child.terminate()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


_DIED = (
    "Worker processes died {} before any of their work was done, most likely for want of memory (about 800 MB each, "
    "see docs/scale.md). Take fewer with {}, or fewer scenarios."
)


def _begin() -> None:
    """What each process begins with: it leaves Ctrl-C to the one that began it, and ends with it, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent) -> None:
    parent.join()
    os._exit(1)


class Dask:
    """Workers of a Dask cluster: of a scheduler at an address, or as many processes of this machine, one thread each."""

    def __init__(self, processes: int, address: str | None):
        self.workers, self.address = processes, address
        self.distributed = _distributed()
        self._cluster: Any = None
        self._client: Any = None

    def __enter__(self) -> Dask:
        self._loud = _hushed()
        try:
            self._client = self.connected() if self.address else self._own()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *fault) -> None:
        for one in (self._client, self._cluster):
            if one is not None:
                one.close(timeout=CONNECT_S)
        self._client = self._cluster = None
        _loud_again(self._loud)

    def _own(self):
        """A client of a cluster that lives as long as the work, with nothing listening beyond this machine."""
        self._cluster = self.distributed.LocalCluster(
            n_workers=self.workers, threads_per_worker=1, processes=True, silence_logs=logging.CRITICAL,
            dashboard_address=HERE_ALONE, worker_dashboard_address=HERE_ALONE, scheduler_kwargs={"dashboard": False},
            preload=[__name__],
        )  # fmt: skip
        return self.distributed.Client(self._cluster)

    def connected(self):
        """A client of the scheduler at the address, which has a worker. Raises BadInput."""
        try:
            client = self.distributed.Client(self.address, timeout=CONNECT_S)
        except (OSError, ValueError, TypeError) as fault:
            raise BadInput(
                f"No Dask scheduler answers at {self.address} ({_short(fault)}). Start one with `dask scheduler`, give its "
                "address as tcp://HOST:8786, or leave --address out for a cluster on this machine."
            ) from None
        self._client = client
        try:
            client.wait_for_workers(1, timeout=WORKERS_S)
        except TimeoutError:
            raise BadInput(
                f"The Dask scheduler at {self.address} has no worker. Start some: dask worker {self.address} --nthreads 1."
            ) from None
        self._check_workers(client)
        self.workers = sum(client.ncores().values())
        return client

    def _check_workers(self, client) -> None:
        """Raise MissingExtra where a worker has no Comity: Dask would hand it the same job for ever."""

        def has_comity() -> (
            bool
        ):  # made in here, it travels as it is; a function of this module would need the module there
            try:
                import comity
            except ImportError:
                return False
            return bool(comity.__version__)

        without = sorted(worker for worker, has in client.run(has_comity).items() if not has)
        if without:
            raise MissingExtra(
                f"The Dask workers {', '.join(without)} have no Comity. Install the same one where they run: "
                "pip install 'comity[cluster]'."
            )

    def each(self, do: Callable[[Job], Result], jobs: Sequence[Job]) -> Generator[tuple[int, Result], None, None]:
        """See Runner. Raises ComityError when a job kills its workers, when the scheduler goes, or lacks Comity."""
        token = uuid.uuid4().hex
        waiting = {}
        for number, job in enumerate(jobs):
            future = self._client.submit(do, job, key=f"comity-{token}-{number}", pure=False)
            waiting[future.key] = number, future
        try:
            for future in self.distributed.as_completed([future for _, future in waiting.values()]):
                number, _ = waiting.pop(future.key)  # and with it the result, which the workers need not keep
                yield number, self._result(future)
        finally:
            with suppress(OSError, TimeoutError):  # a scheduler that has gone has nothing to cancel
                self._client.cancel([future for _, future in waiting.values()], force=True)

    def _result(self, future):
        try:
            return future.result()
        except self.distributed.KilledWorker as fault:
            raise ComityError(_DIED.format("again and again", "--processes")) from fault
        except (self.distributed.client.FutureCancelledError, self.distributed.comm.CommClosedError) as fault:
            raise ComityError(
                f"The Dask scheduler{f' at {self.address}' if self.address else ''} has gone. Start it and run again."
            ) from fault


def _distributed():
    """The package, imported when it is wanted. Raises MissingExtra."""
    try:
        import distributed
    except ImportError:
        raise MissingExtra(
            "The engine dask needs the package distributed. Run: pip install 'comity[cluster]', or choose --engine local."
        ) from None
    return distributed


def _short(fault: BaseException) -> str:
    return " ".join(str(fault).split())[:120] or type(fault).__name__


def _hushed() -> dict[str, int]:
    """Silences Dask's own loggers, whose tracebacks tell a user nothing; their levels as they were."""
    names = [name for name in logging.Logger.manager.loggerDict if name.split(".")[0] in ("distributed", "tornado")]
    loud = {name: logging.getLogger(name).level for name in ("distributed", "tornado.application", *names)}
    for name in loud:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return loud


def _loud_again(levels: dict[str, int]) -> None:
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def dask_setup(worker) -> None:
    """Called by Dask in each worker of our own cluster (`preload`): Ctrl-C is the client's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
