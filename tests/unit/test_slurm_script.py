"""The script of a SLURM job, without a cluster: what it asks for, what it sets, what it starts."""

import re
import sys

import pytest

dask = pytest.importorskip("exitvoice.ensemble.executors.dask")
pytest.importorskip("dask_jobqueue")


def directives(script: str) -> dict[str, str]:
    """Return the lines that SLURM reads, by their option."""
    lines = re.findall(r"^#SBATCH (-\w|--[\w-]+)[ =](.+)$", script, re.MULTILINE)
    return {name: value.strip() for name, value in lines}


def command(script: str) -> list[str]:
    """Return the words of the last line, which starts the workers."""
    return script.strip().splitlines()[-1].split()


def after(words: list[str], option: str) -> str:
    return words[words.index(option) + 1]


def test_the_script_asks_for_what_was_asked() -> None:
    wanted = {
        "cores": 32,
        "processes": 8,
        "memory": "64 GB",
        "walltime": "02:00:00",
        "queue": "long",
        "account": "lab",
    }
    script = dask.slurm_script(wanted)
    assert script.startswith("#!/")
    asked = directives(script)
    assert asked["-n"] == "1"
    assert asked["--cpus-per-task"] == "32"
    assert asked["--mem"] == "60G"  # of 1024 to the third, never more than was said
    assert (asked["-t"], asked["-p"], asked["-A"]) == ("02:00:00", "long", "lab")
    words = command(script)
    assert words[0] == sys.executable  # the interpreter of this environment, which the nodes must share
    assert "distributed.cli.dask_worker" in words
    assert re.fullmatch(r"tcp://[\w.:\[\]]+:\d+", words[words.index("distributed.cli.dask_worker") + 1])
    assert (after(words, "--nworkers"), after(words, "--nthreads")) == ("8", "4")
    assert "--nanny" in words


def test_what_is_not_said_is_one_process_a_core_for_an_hour() -> None:
    script = dask.slurm_script({"cores": 4})
    asked, words = directives(script), command(script)
    assert (asked["--cpus-per-task"], asked["--mem"], asked["-t"]) == ("4", "4G", "01:00:00")
    assert (after(words, "--nworkers"), after(words, "--nthreads")) == ("4", "1")
    assert "-p" not in asked and "-A" not in asked


def test_the_environment_is_set_before_the_workers_start() -> None:
    script = dask.slurm_script({})
    assert "export MALLOC_TRIM_THRESHOLD_=134217728\n" in script
    assert script.index("export ") < script.index("distributed.cli.dask_worker")
    # negative control: another threshold in its place is not there
    assert "65536" not in script
