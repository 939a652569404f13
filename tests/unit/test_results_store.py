"""One run, one folder: whole or not at all."""

import errno
import json
import resource
import signal
import tempfile
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from tests.support_dataset import make_dataset

from exitvoice.errors import InputError, OutputError
from exitvoice.results import check_target, new_manifest, read_run, write_report, write_run


@pytest.fixture(scope="module")
def data():
    return make_dataset(weeks=30)


@pytest.fixture(scope="module")
def manifest(data):
    return new_manifest(
        data, scenario_text="name: x\n", command="exitvoice run x", seconds=1.5, steps_planned=30
    )


def everything_under(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_run_comes_back_as_it_was_written(tmp_path, data, manifest):
    folder = write_run(tmp_path / "new" / "run", data, manifest, report="<p>page</p>")
    stored = read_run(folder)
    xr.testing.assert_identical(stored.data.drop_attrs(), data.drop_attrs())
    assert stored.data.attrs == data.attrs
    assert stored.data["covered"].attrs == data["covered"].attrs
    assert {name: variable.dtype for name, variable in stored.data.data_vars.items()} == {
        name: variable.dtype for name, variable in data.data_vars.items()
    }
    assert stored.manifest == manifest
    assert (folder / "report.html").read_text() == "<p>page</p>"


def test_numbers_lie_in_zarr_of_format_three_in_one_chunk_each(tmp_path, data, manifest):
    folder = write_run(tmp_path / "run", data, manifest)
    about = json.loads((folder / "results.zarr" / "covered" / "zarr.json").read_text())
    assert about["zarr_format"] == 3
    assert about["chunk_grid"]["configuration"]["chunk_shape"] == about["shape"]


def test_nothing_else_is_left_beside_the_folder(tmp_path, data, manifest):
    write_run(tmp_path / "run", data, manifest)
    write_run(tmp_path / "run", data, manifest, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_an_older_run_is_kept_unless_forced(tmp_path, data, manifest):
    write_run(tmp_path / "run", data, manifest, report="old")
    with pytest.raises(OutputError, match="--force"):
        write_run(tmp_path / "run", data, manifest, report="new")
    assert (tmp_path / "run" / "report.html").read_text() == "old"
    write_run(tmp_path / "run", data, manifest, report="new", force=True)
    assert (tmp_path / "run" / "report.html").read_text() == "new"


def test_a_folder_that_is_not_a_run_is_never_replaced(tmp_path, data, manifest):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "thesis.txt").write_text("ten years of work")
    with pytest.raises(OutputError, match="not a run"):
        write_run(tmp_path / "run", data, manifest, force=True)
    assert (tmp_path / "run" / "thesis.txt").read_text() == "ten years of work"


def test_an_empty_folder_is_filled(tmp_path, data, manifest):
    (tmp_path / "run").mkdir()
    assert read_run(write_run(tmp_path / "run", data, manifest)).manifest["command"] == "exitvoice run x"


def test_a_file_in_the_way_is_one_clear_error(tmp_path):
    (tmp_path / "run").write_text("")
    with pytest.raises(OutputError, match="a file of this name"):
        check_target(tmp_path / "run")
    with pytest.raises(OutputError, match="file, not a folder"):
        check_target(tmp_path / "run" / "deeper")


def test_checking_a_place_leaves_nothing_there(tmp_path):
    assert check_target(tmp_path / "a" / "run") == tmp_path / "a" / "run"
    assert everything_under(tmp_path) == ["a"]


@pytest.fixture
def small_disk():
    """No file may grow beyond 3,000 bytes: the system refuses as it does when a disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_a_disk_that_takes_no_more_leaves_nothing_half_written(tmp_path, data, manifest, small_disk):
    with pytest.raises(OutputError, match=r"^cannot write .*run: the file is larger than this system allows"):
        write_run(tmp_path / "run", data, manifest)
    assert everything_under(tmp_path) == []


def test_a_full_disk_keeps_the_older_run(tmp_path, data, manifest, monkeypatch):
    write_run(tmp_path / "run", data, manifest, report="old")
    before = everything_under(tmp_path)

    def no_space(self, store, **options):
        Path(store).mkdir()
        (Path(store) / "half").write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(xr.Dataset, "to_zarr", no_space)
    with pytest.raises(OutputError, match="the disk is full"):
        write_run(tmp_path / "run", data, manifest, report="new", force=True)
    assert everything_under(tmp_path) == before
    assert (tmp_path / "run" / "report.html").read_text() == "old"


def test_an_unwritable_place_is_one_clear_error(tmp_path, monkeypatch):
    def denied(*, prefix, dir):  # noqa: A002
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tempfile, "mkdtemp", denied)
    with pytest.raises(OutputError, match="you may not write there"):
        check_target(tmp_path / "run")


def test_an_interrupt_while_writing_leaves_nothing(tmp_path, data, manifest, monkeypatch):
    def interrupted(self, store, **options):
        Path(store).mkdir()
        raise KeyboardInterrupt

    monkeypatch.setattr(xr.Dataset, "to_zarr", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_run(tmp_path / "run", data, manifest)
    assert everything_under(tmp_path) == []


def test_the_folder_may_be_read_by_others_as_the_mask_allows(tmp_path, data, manifest):
    (tmp_path / "plain").mkdir()
    folder = write_run(tmp_path / "run", data, manifest, report="x")
    assert folder.stat().st_mode == (tmp_path / "plain").stat().st_mode
    assert (folder / "report.html").stat().st_mode & 0o077 == (tmp_path / "plain").stat().st_mode & 0o066


def test_a_variable_without_labels_is_refused(tmp_path, data, manifest):
    bare = data.assign(covered=data["covered"].drop_attrs())
    with pytest.raises(ValueError, match=r"covered \(units\)"):
        write_run(tmp_path / "run", bare, manifest)
    assert everything_under(tmp_path) == []


def test_a_manifest_must_be_plain_json(tmp_path, data):
    with pytest.raises(ValueError, match="JSON"):
        write_run(tmp_path / "run", data, {"seconds": float("nan")})


def test_a_page_replaces_the_older_page(tmp_path, data, manifest):
    folder = write_run(tmp_path / "run", data, manifest, report="old")
    assert write_report(folder, "new").read_text() == "new"
    with pytest.raises(OutputError, match="cannot write"):
        write_report(tmp_path / "nowhere", "new")


@pytest.mark.parametrize("damage", ["no manifest", "no json", "other format", "no numbers", "a list"])
def test_a_folder_that_cannot_be_read_is_one_clear_error(tmp_path, data, manifest, damage):
    folder = write_run(tmp_path / "run", data, manifest)
    path = folder / "manifest.json"
    if damage == "no manifest":
        path.unlink()
    elif damage == "no numbers":
        (folder / "results.zarr" / "zarr.json").unlink()
    else:
        path.write_text({"no json": "{", "other format": '{"format": "x/1"}', "a list": "[]"}[damage])
    with pytest.raises(InputError, match="exitvoice run"):
        read_run(folder)


def test_a_run_cut_short_says_so(data):
    manifest = new_manifest(
        data, scenario_text="", command="x", seconds=1, steps_planned=31, details={"threads": 2}
    )
    assert (manifest["is_whole"], manifest["steps_done"], manifest["threads"]) == (False, 30, 2)


def test_attributes_of_numpy_become_plain_json(tmp_path, data):
    odd = data.assign_attrs(seed=np.int64(7), scale=np.float64(0.5))
    manifest = new_manifest(odd, scenario_text="", command="x", seconds=1, steps_planned=30)
    assert read_run(write_run(tmp_path / "run", data, manifest)).manifest["run"]["seed"] == 7
