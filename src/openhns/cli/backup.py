"""`openhns backup`: database, published logs, mailboxes and evidence in one folder; never a key.

The published logs are copied before the database, so that the copy of the database is never
behind the copy of the log; what parties and evidence files hold is copied after it, so that no
row in the copy lacks its file.
"""

import argparse
import hashlib
import json
import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.utils import timezone

from openhns.cli.common import acting_user
from openhns.cli.output import emit, progress, progress_ends
from openhns.cli.postgres_tools import run_tool
from openhns.mechanism.access import require_role
from openhns.mechanism.models import Mechanism, Role
from openhns.project.data_folder import PRIVATE_FOLDER
from openhns.record.rows import timestamp

MANIFEST: Final = "manifest.json"
VERSION: Final = 1
SQLITE_COPY: Final = "database.sqlite3"
POSTGRESQL_COPY: Final = "database.dump"
LOGS: Final = ("tiles", "logs")
FILES: Final = ("mailbox", "evidence")
_LEFTOVER: Final = ".tmp"


class BackupExists(Exception):
    """Something stands where the backup was to be written."""

    code = "backup_exists"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a folder that is not there")


def run(args: argparse.Namespace) -> int:
    """Write the backup beside its place and rename it, so that it is whole or not there."""
    for mechanism in Mechanism.objects.all():
        require_role(acting_user(args), mechanism, Role.Name.ADMINISTRATOR)
    target = args.folder.absolute()
    if target.exists():
        raise BackupExists(f"{target} exists already: name a folder that does not.")
    draft = target.with_name(f"{target.name}.partial-{secrets.token_hex(4)}")
    draft.mkdir(mode=PRIVATE_FOLDER, parents=True)
    try:
        manifest = _copy_all(draft)
        draft.rename(target)
        sync_folder(target.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    _tell(args, target, manifest)
    return 0


def _copy_all(draft: Path) -> dict[str, Any]:
    hashes: dict[str, str] = {}
    for name in LOGS:
        copy_tree(Path(settings.OPENHNS_DATA) / name, draft / name, _note(draft, hashes))
    progress("copying the database")
    database = _copy_database(draft)
    hashes[database.name] = digest_of(database)
    for name in FILES:
        copy_tree(Path(settings.OPENHNS_DATA) / name, draft / name, _note(draft, hashes))
    progress_ends()
    manifest = {
        "v": VERSION,
        "made_at": timestamp(timezone.now()),
        "database": connection.vendor,
        "files": hashes,
    }
    text = json.dumps(manifest, indent=1, sort_keys=True)
    write_synced(draft / MANIFEST, text.encode())
    sync_folder(draft)
    return manifest


def _note(root: Path, hashes: dict[str, str]) -> Callable[[Path], None]:
    def note(path: Path) -> None:
        hashes[path.relative_to(root).as_posix()] = digest_of(path)
        progress(f"{len(hashes)} files copied")

    return note


def copy_tree(source: Path, target: Path, note: Callable[[Path], None]) -> None:
    """Copy files, checkpoints before the tiles that they count, each synced; links are left."""
    found = [path for path in source.rglob("*") if path.is_file() and not path.is_symlink()]
    for path in sorted(found, key=lambda item: (item.name != "checkpoint", item)):
        if path.name.startswith(".") and path.name.endswith(_LEFTOVER):
            continue
        copy = target / path.relative_to(source)
        copy.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        write_synced(copy, path.read_bytes())
        note(copy)
    for folder in {path.parent for path in target.rglob("*")}:
        sync_folder(folder)


def _copy_database(draft: Path) -> Path:
    if connection.vendor == "sqlite":
        return _copy_sqlite(draft / SQLITE_COPY)
    copy = draft / POSTGRESQL_COPY
    run_tool("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={copy}")
    sync_file(copy)
    return copy


def _copy_sqlite(copy: Path) -> Path:
    """Copy by SQLite's own means, while others write."""
    connection.ensure_connection()
    target = sqlite3.connect(copy)
    try:
        connection.connection.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # One file, without side files.
    finally:
        target.close()
    copy.chmod(0o600)
    sync_file(copy)
    return copy


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_synced(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _tell(args: argparse.Namespace, target: Path, manifest: Mapping[str, Any]) -> None:
    count = len(manifest["files"])
    data = {"folder": str(target), "files": count, "database": manifest["database"]}
    lines = [
        f"{count} files are in {target}.",
        "No key is among them: back up the keys folder and the master key by another road.",
    ]
    emit(args, data, lines)
