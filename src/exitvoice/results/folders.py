"""Write a folder or a file so that it is either there whole or not there at all."""

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from exitvoice.errors import OutputError

_REASONS = {
    errno.ENOSPC: "the disk is full; free some space or choose another disk",
    errno.EDQUOT: "your quota on this disk is used up; free some space or choose another disk",
    errno.EFBIG: "the file is larger than this system allows; raise the limit or choose another disk",
    errno.EACCES: "you may not write there; choose a folder of your own",
    errno.EPERM: "you may not write there; choose a folder of your own",
    errno.EROFS: "the disk is read-only; choose another one",
    errno.EEXIST: "a part of this path is a file, not a folder; choose another path",
    errno.ENOTDIR: "a part of this path is a file, not a folder; choose another path",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.EBUSY: "the folder is in use (a mount point, perhaps); choose a folder inside it",
}


@contextlib.contextmanager
def clear_errors(target: Path) -> Iterator[None]:
    """Turn an error of the disk into one sentence: what could not be written, why, and how to mend it."""
    try:
        yield
    except OSError as problem:
        reason = _REASONS.get(problem.errno or 0, problem.strerror or str(problem))
        raise OutputError(f"cannot write {target}: {reason}") from problem


@contextlib.contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Give a new folder beside the target to write into, and put it in the target's place at the end.

    If anything fails, Ctrl-C included, the new folder is removed and what was there before stays.
    """
    with clear_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{target.name[:100]}.unfinished-", dir=target.parent))
        try:
            yield draft
            draft.chmod(0o777 & ~_umask())
            replace_folder(draft, target)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise


@contextlib.contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """Give a new file beside the target to write into, and move it there at the end: nobody ever sees half of it."""
    with clear_errors(target):
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.unfinished-", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(name, 0o666 & ~_umask())
            os.replace(name, target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def write_whole_file(target: Path, text: str) -> None:
    """Write a text file beside its place and move it there, so that a reader never sees half of it."""
    with whole_file(target) as stream:
        stream.write(text.encode())


def replace_folder(draft: Path, target: Path) -> None:
    """Put a whole folder in the place of another beside it; where that fails, the other stays."""
    if not target.exists():
        os.rename(draft, target)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name[:100]}.replaced-", dir=target.parent))
    os.rename(target, aside / "old")
    try:
        os.rename(draft, target)
    except BaseException:
        os.rename(aside / "old", target)
        aside.rmdir()
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _umask() -> int:
    # The only way to read it is to set it; mkdtemp and mkstemp make things that only their owner may read.
    mask = os.umask(0)
    os.umask(mask)
    return mask
