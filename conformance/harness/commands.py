"""Running the command itself: bad command lines, signals, files, log lines."""

from __future__ import annotations

import signal
import socket
import time
from pathlib import Path

from .case import TOKEN, Command
from .certificates import Certificates
from .proxy import Address, Process, free_port, free_ports
from .wire import Broken, Ended, Silent, Stream, read_answer
from .world import World

PATIENCE = 60.0


def _address(name: str, world: World) -> Address:
    """A listener by name (with @host for another loopback address), or a socket file of the run's folder."""
    name, _, host = name.partition("@")
    if name.endswith(".sock"):
        return Address(path=str(world.folder / name))
    if name.isdigit():
        return Address(port=int(name), host=host or "127.0.0.1")
    return Address(port=int(world.values[name]), host=host or "127.0.0.1")


def _status(address: Address, request: str) -> str:
    late = time.monotonic() + 30
    try:
        with address.connect() as sock:
            stream = Stream(sock)
            stream.send(request.encode(), late)
            return read_answer(stream, late, "GET").start.partition(" ")[2]
    except (Silent, Ended, Broken, OSError):
        return "no answer"


def run(case: Command, command: str, certificates: Certificates, folder: Path, is_chp: bool) -> str:
    """The observation of one run in an empty folder."""
    patience = case.chp_patience if is_chp and case.chp_patience else PATIENCE
    world = World(certificates, folder, patience)
    world.values = {name: free_port() for name in ("api", "metrics", "redirect", "other")}
    world.values["public"], world.values["next"] = free_ports()
    occupied = []
    for name, text in case.given.items():
        (folder / name).write_text(text)
    for name in case.taken:
        address = _address(name, world)
        sock = socket.socket(socket.AF_UNIX if address.path else socket.AF_INET)
        sock.bind(address.path or (address.host, address.port))
        sock.listen()
        occupied.append(sock)
    for name in case.stale:
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(str(folder / name))
    env = {"CONFIGPROXY_AUTH_TOKEN": TOKEN} | {k: world.fill(v) for k, v in case.env.items()}
    env = {name: value for name, value in env.items() if value}
    process = Process(command, [world.fill(word) for word in case.args], env, folder)
    try:
        return "\n".join(line.rstrip() for line in _watch(case, process, world, occupied))
    finally:
        process.end(signal.SIGKILL)
        for sock in occupied:
            sock.close()


def _file(path: Path, process: Process) -> str:
    if not path.exists():
        return "missing"
    text = path.read_text().strip() if path.is_file() else "a socket"
    return "its pid" if text == str(process.child.pid) else text


def _printed(process: Process, pattern: str, world: World) -> str:
    found = process.said(world.fill(pattern))
    return f"{'says' if found else 'does not say'} {pattern}" + (f" on {found}" if found else "")


class _InHand:
    """A request whose upstream has it, and has not answered it yet."""

    def __init__(self, request: str, proxy: Address, upstream: socket.socket):
        self.late = time.monotonic() + 30
        self.client = proxy.connect()
        self.stream = Stream(self.client)
        self.stream.send(request.encode(), self.late)
        upstream.settimeout(30)
        self.server, _ = upstream.accept()
        Stream(self.server).until(b"\r\n\r\n", self.late)

    def answered(self) -> str:
        """The status that the client sees once the upstream has answered, if it sees any."""
        with self.client, self.server:
            try:
                self.server.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            except OSError:
                pass
            try:
                return read_answer(self.stream, self.late, "GET").start.partition(" ")[2]
            except (Silent, Ended, Broken, OSError):
                return "no answer"


def _watch(case: Command, process: Process, world: World, occupied: list[socket.socket]) -> list[str]:
    lines = []
    late = time.monotonic() + world.patience
    listeners = {name: _address(name, world) for name in case.accepts}
    if case.signal is not None:
        # Words are waited for too: a line may be written a moment after the listener opens.
        while process.child.poll() is None and time.monotonic() < late and not (
                all(a.accepts() for a in listeners.values()) and
                all(process.said(world.fill(p)) for p in case.says)):
            time.sleep(0.05)
        if process.child.poll() is None:
            listeners |= {name: _address(name, world) for name in case.refuses}
            lines += [f"{name}: {'accepts' if a.accepts() else 'accepts nothing'}" for name, a in listeners.items()]
            lines += [f"{name}: {request.partition(' HTTP')[0]}: {_status(_address(name, world), request)}"
                      for name, request in case.asks]
            lines += [f"file {name}: {_file(world.folder / name, process)}" for name in case.files]
            in_hand = _InHand(case.in_hand, listeners["public"], occupied[0]) if case.in_hand else None
            process.child.send_signal(getattr(signal, f"SIG{case.signal}"))
            lines.append(f"sent SIG{case.signal}")
            if in_hand:
                while process.child.poll() is None and time.monotonic() < late and not all(
                        process.said(world.fill(p)) for p in case.after):
                    time.sleep(0.05)
                lines.append(f"the request in hand: {in_hand.answered()}")
    code = process.wait(max(0.1, late - time.monotonic()) if case.signal is None else PATIENCE)
    lines.append("still runs" if code is None else f"exit code {code}")
    lines += [_printed(process, pattern, world) for pattern in (*case.says, *case.after, *case.never)]
    lines += [f"file {name} afterwards: {'there' if (world.folder / name).exists() else 'gone'}" for name in case.files]
    return lines
