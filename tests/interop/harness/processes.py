"""Processes with deadlines. Whatever is started here is in a group of its own and gone when we end."""
import atexit
import os
import re
import signal
import socket
import subprocess
import threading
import time

_running = set()
_guard = threading.Lock()


def _start(command, **options):
    command = [str(word) for word in command]
    process = subprocess.Popen(command, start_new_session=True, **options)
    with _guard:
        _running.add(process)
    return process


def _end(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
    with _guard:
        _running.discard(process)


@atexit.register
def end_all():
    for process in list(_running):
        _end(process)


signal.signal(signal.SIGTERM, lambda *_: os._exit(end_all() or 1))


class Finished:
    def __init__(self, command, status, out, err, late):
        self.command = [str(word) for word in command]
        self.status, self.out, self.err, self.late = status, out, err, late

    @property
    def text(self):
        return (self.out + b"\n" + self.err).decode("utf-8", "replace")

    def __str__(self):
        how = "ran out of time" if self.late else f"ended with {self.status}"
        return f"$ {' '.join(self.command)}\n({how})\n{self.text.strip()}"


def run(command, given=b"", seconds=20, env=None, cwd=None):
    """Runs a command to its end. `given` is its standard input."""
    process = _start(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd,
                     env={**os.environ, **(env or {})})
    late = False
    try:
        out, err = process.communicate(given, timeout=seconds)
    except subprocess.TimeoutExpired:
        late = True
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
    _end(process)
    return Finished(command, process.returncode, out, err, late)


class Running:
    """A process that goes on while others talk to it. Use with `with`."""

    def __init__(self, command, env=None, cwd=None):
        self.command = [str(word) for word in command]
        self._process = _start(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               env={**os.environ, **(env or {})}, cwd=cwd)
        self._text = ""
        self._more = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.port = None

    def _read(self):
        while block := self._process.stdout.read1(65536):
            with self._more:
                self._text += block.decode("utf-8", "replace")
                self._more.notify_all()
        with self._more:
            self._reader = None
            self._more.notify_all()

    @property
    def text(self):
        with self._more:
            return self._text

    def wait_for(self, pattern, seconds=10):
        """The match of `pattern` in what the process printed, or None if it does not come."""
        deadline = time.monotonic() + seconds
        with self._more:
            while not (match := re.search(pattern, self._text)):
                left = deadline - time.monotonic()
                if left <= 0 or self._reader is None:
                    return None
                self._more.wait(left)
            return match

    def port_from(self, pattern):
        match = self.wait_for(pattern)
        if match is None:
            text = self.text
            self.stop()
            raise RuntimeError(f"$ {' '.join(self.command)}\ndid not start:\n{text}")
        self.port = int(match.group(1))
        return self

    def port_open(self, port, seconds=10):
        """Waits until `port` is listened on, without connecting to it."""
        deadline = time.monotonic() + seconds
        while not listens(port):
            if time.monotonic() > deadline or self._process.poll() is not None:
                text = self.text
                self.stop()
                raise RuntimeError(f"$ {' '.join(self.command)}\ndid not start:\n{text}")
            time.sleep(0.01)
        self.port = port
        return self

    def write(self, data):
        self._process.stdin.write(data)
        self._process.stdin.flush()

    def close_input(self):
        self._process.stdin.close()

    def end(self, seconds=10):
        """Waits for its own end; the status, or None."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def stop(self):
        _end(self._process)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def __str__(self):
        return f"$ {' '.join(self.command)}\n{self.text.strip()}"


def free_port():
    """For servers that cannot choose one themselves and say which."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port):
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(table) as lines:
            for line in lines:
                words = line.split()
                if words[3] == "0A" and int(words[1].rsplit(":", 1)[1], 16) == port:
                    return True
    return False
