"""A PostgreSQL server of the tests' own: Debian's package, a scratch folder, a port of its own, durable as shipped."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

FOLDERS = (
    sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True) if Path("/usr/lib/postgresql").is_dir() else []
)


def programs() -> Path | None:
    """Folder of the server's programs, None where it is not installed."""
    found = shutil.which("initdb")
    folders = [*FOLDERS, *([Path(found).parent] if found else [])]
    return next(
        (folder for folder in folders if all((folder / name).exists() for name in ("initdb", "pg_ctl", "createdb"))),
        None,
    )


@dataclass
class Server:
    """A running server. `url(name)` makes a database; `crash` kills every process of it as a power cut would."""

    bin: Path
    folder: Path
    port: int
    made: int = 0

    @classmethod
    def start(cls) -> Server:
        """Initialise and start. The server refuses to run as root, so root starts it as the package's own user."""
        bin = programs()
        assert bin is not None
        folder = Path(tempfile.mkdtemp(prefix="comity-postgres-"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            server = cls(bin, folder, free.getsockname()[1])
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        server._run("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "comity", "-E", "UTF8", "--locale=C.UTF-8")
        server.up()
        return server

    def up(self) -> None:
        """Start, or start again after a crash, and wait until it answers."""
        told = f"-h 127.0.0.1 -p {self.port} -k {self.folder}"
        self._run(
            "pg_ctl", "-D", f"{self.folder}/data", "-o", told, "-l", f"{self.folder}/log", "-w", "-t", "60", "start"
        )

    def url(self) -> str:
        """Address of a new, empty database."""
        self.made += 1
        name = f"register{self.made}"
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "comity", name)
        return f"postgresql://comity@127.0.0.1:{self.port}/{name}"

    def crash(self) -> None:
        """kill -9 of the postmaster and its children."""
        main = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(main)], capture_output=True, text=True
        ).stdout.split()
        for process in [main, *map(int, children)]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        # a machine whose first process reaps no orphans keeps the dead one's number taken
        for lock in (self.folder / "data" / "postmaster.pid", *self.folder.glob(".s.PGSQL.*")):
            lock.unlink(missing_ok=True)

    def stop(self) -> None:
        """End it and take its folder away."""
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *words: str, check: bool = True) -> None:
        command = [str(self.bin / program), *words]
        if os.getuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        done = subprocess.run(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=self.folder, stdin=subprocess.DEVNULL
        )
        if check and done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode()}")
