"""A trajectory survives file, pickle and copy, and becomes an xarray dataset."""

import copy
import os
import pickle
import warnings

import numpy as np
import pytest

from lrsim import Trajectory, descend, landscapes, schedules

BOWL, VALLEY = landscapes.bowl([1, 20]), landscapes.rosenbrock()
START = [10, 0.05]

RUNS = {
    "one": lambda: descend(BOWL, START, 0.105, 200),
    "sweep": lambda: descend(BOWL, START, [0.05, 0.105], 200, every=7),
    "losses": lambda: descend(VALLEY, START, [1e-5, 1e-3], 20, record="loss"),
    "summary": lambda: descend(BOWL, START, [0.05, 0.105], 200, record="summary"),
}
FACTS = (
    "iterates",
    "losses",
    "etas",
    "steps",
    "final_loss",
    "peak_loss",
    "diverged_at",
    "recovered",
    "regime",
    "batch",
)


@pytest.mark.parametrize("name", RUNS)
def test_a_trajectory_survives_file_pickle_and_copy(name, tmp_path):
    run = RUNS[name]()
    run.save(tmp_path / "run.npz")
    for again in (Trajectory.load(tmp_path / "run.npz"), pickle.loads(pickle.dumps(run)), copy.deepcopy(run)):
        for fact in FACTS:
            before, after = getattr(run, fact), getattr(again, fact)
            assert type(before) is type(after), fact
            numeric = isinstance(before, np.ndarray) and before.dtype.kind == "f"
            assert np.array_equal(before, after, equal_nan=numeric), fact
    assert [p.name for p in tmp_path.iterdir()] == ["run.npz"]


def test_a_killed_save_leaves_the_old_file_whole(tmp_path, monkeypatch):
    path = tmp_path / "run.npz"
    RUNS["one"]().save(path)
    old = path.read_bytes()

    def die(file, **arrays):
        file.write(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", die)
    with pytest.raises(KeyboardInterrupt):
        RUNS["sweep"]().save(path)
    assert path.read_bytes() == old and [p.name for p in tmp_path.iterdir()] == ["run.npz"]


def test_a_save_is_whole_before_it_takes_the_old_files_place(tmp_path, monkeypatch):
    path, replace = tmp_path / "run.npz", os.replace
    RUNS["one"]().save(path)
    old, seen = path.read_bytes(), []

    def watched(aside, goal):
        seen.append((path.read_bytes() == old, Trajectory.load(aside).losses.shape))
        replace(aside, goal)

    monkeypatch.setattr(os, "replace", watched)
    RUNS["losses"]().save(path)
    assert seen == [(True, (2, 21))] and Trajectory.load(path).losses.shape == (2, 21)


def test_a_file_that_is_no_trajectory_is_refused(tmp_path):
    (tmp_path / "text.npz").write_text("hello")
    np.savez(tmp_path / "other.npz", a=1)
    for name in ("text.npz", "other.npz"):
        with pytest.raises(ValueError, match=r"path must be a file that Trajectory\.save wrote"):
            Trajectory.load(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        Trajectory.load(tmp_path / "none.npz")
    with pytest.raises(FileNotFoundError, match=r"path must be in a folder that exists, got .*nowhere"):
        RUNS["one"]().save(tmp_path / "nowhere" / "run.npz")
    for use in (RUNS["one"]().save, Trajectory.load):
        with pytest.raises(TypeError, match="path must be a file's path, got 3"):
            use(3)


@pytest.mark.filterwarnings("ignore")
def test_a_damaged_file_is_refused_or_read_as_it_was(tmp_path):
    path, run = tmp_path / "run.npz", RUNS["losses"]()
    run.save(path)
    whole = path.read_bytes()
    listing = whole.index(b"PK\1\2")  # the archive's list of its members: method, flags, sizes, offsets
    damaged = [whole[:size] for size in range(0, len(whole), 97)]
    for at in [*range(listing, listing + 60), *range(listing - 120, listing), *range(30)]:
        damaged += [whole[:at] + bytes([whole[at] ^ change]) + whole[at + 1 :] for change in (1, 0xFF)]
    for data in damaged:
        path.write_bytes(data)
        try:
            again = Trajectory.load(path)
        except ValueError as error:
            assert "path must be a file that Trajectory.save wrote" in str(error)
        else:
            np.testing.assert_array_equal(again.losses, run.losses)


def test_as_xarray():
    pytest.importorskip("xarray")
    data = RUNS["sweep"]().to_xarray()
    assert data.losses.dims == ("run", "step") and data.iterates.dims == ("run", "step", "coordinate")
    assert float(data.losses.sel(step=14)[0]) == descend(BOWL, START, 0.05, 200).losses[14]
    assert RUNS["one"]().to_xarray().losses.dims == ("step",)
    grid = schedules.inverse_time(np.ones((1, 3)), np.ones((2, 1)))
    assert descend(BOWL, START, grid, 5, record="summary").to_xarray().final_loss.dims == ("run_0", "run_1")


def test_a_sweep_prints_whatever_became_of_its_losses():
    steep = landscapes.rosenbrock()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "final losses nan to nan, 2 lost" in repr(descend(steep, [3.0, 1], [5.0, 6], 300, record="summary"))
        assert "final losses 0 to 0, 1 lost" in repr(descend(steep, [[3.0, 1], [1, 1]], 5.0, 300, record="summary"))
