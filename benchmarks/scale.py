"""Many systems: validate, render, render again, beside copying the output and beside two peers.

The peers make the objects of fewer systems, as CPU a system: Kustomize's grows with their number, and with a thousand
it would run for hours.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from benchmarks import peers
from benchmarks.installed import ROOT, Install
from benchmarks.measure import Command, interleaved, table
from benchmarks.workspace import workspace

PEERS = 50
"""How many systems the peers are given, at most."""
_JSONNET = "import rjsonnet, sys; sys.stdout.write(rjsonnet.evaluate_file(sys.argv[1]))"


def run(folder: Path, install: Install, count: int, rounds: int) -> str:
    """Measure `count` systems in one environment, as CPU a system."""
    home = workspace(folder / "scale", count)
    tree = home / "generated" / "payments" / "prod"

    def unrendered() -> None:
        shutil.rmtree(home / "generated", ignore_errors=True)

    def rendered() -> None:
        if not tree.exists():
            interleaved({"": Command([install.mlopsctl, "render"], home)}, 1, warm=0)

    def uncopied() -> None:
        rendered()
        shutil.rmtree(folder / "copy", ignore_errors=True)

    rendered()
    commands = {
        "mlopsctl validate": Command([install.mlopsctl, "validate"], home),
        "mlopsctl render": Command([install.mlopsctl, "render"], home, unrendered),
        "mlopsctl render, nothing changed": Command([install.mlopsctl, "render"], home, rendered),
        "mlopsctl render --check": Command([install.mlopsctl, "render", "--check"], home, rendered),
        "cp -r of the output": Command(["cp", "-r", str(tree), str(folder / "copy")], before=uncopied),
    }
    peers = _peers(folder, tree, min(count, PEERS))
    figures = interleaved(commands | peers, rounds, warm=0)
    copy = figures["cp -r of the output"].cpu / count
    rows = []
    for name, figure in figures.items():
        number = min(count, PEERS) if name in peers else count
        each = figure.cpu / number
        cells = [f"{each * 1000:.2f}", f"{each / copy:.1f}", f"{figure.wall:.1f}", f"{figure.memory:.0f}"]
        rows.append([name, str(number), *cells])
    head = ["command", "systems", "CPU ms a system", "times cp -r", "wall s", "peak MiB"]
    files = sum(1 for path in tree.rglob("*") if path.is_file())
    return table(f"{count} systems, one environment, {files} files", head, rows)


def _peers(folder: Path, tree: Path, count: int) -> dict[str, Command]:
    """Return the peers that are installed, with the objects of `count` systems to make."""
    commands = {}
    kustomize = shutil.which("kustomize", path=str(ROOT / ".tools" / "bin")) or shutil.which("kustomize")
    if kustomize:
        listed = peers.kustomization(tree, folder / "kustomize", count)
        commands["kustomize build"] = Command([kustomize, "build", str(listed)])
    try:
        import rjsonnet  # noqa: F401
    except ImportError:
        print("rjsonnet is not here: pip install rjsonnet", file=sys.stderr)
    else:
        program = peers.jsonnet(tree, folder / "jsonnet", count)
        commands["rjsonnet"] = Command([sys.executable, "-c", _JSONNET, str(program)])
    return commands
