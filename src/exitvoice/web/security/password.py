"""The password of a public page: only its hash is kept, in a file that nobody else may read."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from exitvoice.errors import InputError

SCHEME = "exitvoice-scrypt"
COST, BLOCK, PARALLEL = 2**15, 8, 1  # 32 MiB and about 0.1 s a try (RFC 7914 names the parameters)
LEAST_LENGTH = 12
_MOST_BYTES = 1024
_MEMORY = 128 * 2**20


@dataclass(frozen=True)
class PasswordHash:
    """A salted hash of a password."""

    salt: bytes
    digest: bytes

    @staticmethod
    def of(password: str) -> PasswordHash:
        """Hash a password with a fresh salt."""
        salt = secrets.token_bytes(16)
        return PasswordHash(salt, _scrypt(password, salt))

    def matches(self, password: str) -> bool:
        """Whether this is the password; takes as long for any that is not."""
        return hmac.compare_digest(self.digest, _scrypt(password, self.salt))


def write_password_file(path: Path, password: str) -> None:
    """Write the hash of a password into a new file that only its owner may read.

    Raises
    ------
    InputError
        If the password is short, or the file is there already or cannot be written.
    """
    if len(password) < LEAST_LENGTH:
        raise _refusal(
            path, f"the password has fewer than {LEAST_LENGTH} characters", "short ones are guessed",
            "choose a longer one: four or five words, for example",
        )  # fmt: skip
    made = PasswordHash.of(password)
    line = f"{SCHEME} {base64.b64encode(made.salt).decode()} {base64.b64encode(made.digest).decode()}\n"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as problem:
        raise _refusal(
            path, f"cannot write: {problem.strerror}", "nothing is replaced", "name a new file"
        ) from problem
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(line)


def read_password_file(path: Path) -> PasswordHash:
    """Read the hash of a password.

    Raises
    ------
    InputError
        If there is none, or others may read the file.
    """
    mend = "write one with `exitvoice serve --set-password FILE`"
    try:
        if path.stat().st_mode & 0o077:
            why = "whoever reads it can try passwords against it"
            raise _refusal(path, "other users may read this file", why, f"chmod 600 {path}")
        text = path.read_bytes()[:_MOST_BYTES].decode("ascii")
        scheme, salt, digest = text.split()
        if scheme != SCHEME:
            raise ValueError(scheme)
        return PasswordHash(base64.b64decode(salt, validate=True), base64.b64decode(digest, validate=True))
    except (OSError, ValueError) as problem:
        raise _refusal(path, "no password can be read here", "a public page needs one", mend) from problem


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"), salt=salt, n=COST, r=BLOCK, p=PARALLEL, maxmem=_MEMORY
    )


def _refusal(path: Path, what: str, why: str, mend: str) -> InputError:
    return InputError.of(path, what, why=why, mend=mend)
