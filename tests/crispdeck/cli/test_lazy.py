"""Commands of other packages are known by name and loaded only when they run."""

import socket
from collections.abc import Callable
from typing import Any

import pytest

Cli = Callable[..., Any]


class TestHandingOver:
    def test_train_passes_its_arguments_on(self, capfd: pytest.CaptureFixture[str]) -> None:
        from crispdeck.cli.program import run

        with pytest.raises(SystemExit) as ended:
            run(["train", "--help"])
        assert ended.value.code == 0
        assert "--photos" in capfd.readouterr().out

    def test_bench_knows_its_benchmarks(self, cli: Cli) -> None:
        ran = cli("bench", "none")
        assert ran.code == 2
        assert "quality" in ran.err

    def test_serve_says_when_its_port_is_taken(self, cli: Cli) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            ran = cli("serve", "--port", taken.getsockname()[1])
        assert ran.code == 1
        assert "[serve_impossible]" in ran.err
