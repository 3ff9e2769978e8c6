"""`openhns restore`: a backup into an empty installation. Keys come back by another road."""

import argparse
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from openhns.cli import backup
from openhns.cli.output import emit, progress, progress_ends
from openhns.cli.postgres_tools import run_tool
from openhns.mechanism.models import Mechanism
from openhns.mechanism.signing import key_path as notice_key_path
from openhns.project.data_folder import prepare_data_folder
from openhns.record.log_key import key_path as log_key_path
from openhns.record.models import Log


class BackupDamaged(Exception):
    """The folder is no backup, or not as it was written."""

    code = "backup_damaged"


class NotEmpty(Exception):
    """An installation stands here already."""

    code = "installation_not_empty"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="what `openhns backup` wrote")


def run(args: argparse.Namespace) -> int:
    source = args.folder.absolute()
    manifest = _checked_manifest(source)
    _require_same_database(manifest)
    _require_empty()
    prepare_data_folder(Path(settings.OPENHNS_DATA))
    for name in (*backup.LOGS, *backup.FILES):
        backup.copy_tree(source / name, Path(settings.OPENHNS_DATA) / name, _say_nothing)
    _restore_database(source)
    _tell(args, manifest)
    return 0


def _say_nothing(path: Path) -> None:
    del path


def _checked_manifest(source: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((source / backup.MANIFEST).read_bytes())
        files = dict(manifest["files"])
        if manifest["v"] != backup.VERSION:
            raise BackupDamaged("The backup was written by another version of this program.")
    except (OSError, ValueError, KeyError, TypeError):
        raise BackupDamaged("This folder is no backup: its manifest cannot be read.") from None
    for name, digest in files.items():
        progress(f"checking {name}")
        _check_file(source, name, digest)
    progress_ends()
    present = {path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()}
    if present != {*files, backup.MANIFEST}:
        raise BackupDamaged("The backup holds a file that its manifest does not name.")
    return dict(manifest)


def _check_file(source: Path, name: str, digest: str) -> None:
    path = source / name
    if not path.resolve().is_relative_to(source.resolve()):
        raise BackupDamaged("The manifest names a file outside the backup.")
    if not path.is_file() or backup.digest_of(path) != digest:
        raise BackupDamaged(f"{name} is missing, or is not as it was written.")


def _require_same_database(manifest: dict[str, Any]) -> None:
    if manifest["database"] != connection.vendor:
        raise BackupDamaged(
            f"The backup is of {manifest['database']} and OPENHNS_DATABASE_URL names "
            f"{connection.vendor}: restore it into the same kind of database."
        )


def _require_empty() -> None:
    data = Path(settings.OPENHNS_DATA)
    used = [name for name in (*backup.LOGS, *backup.FILES) if _has_files(data / name)]
    if used or not _database_is_empty():
        raise NotEmpty(
            "An installation stands here already, or part of an interrupted restore, and nothing "
            "of it is overwritten: point OPENHNS_DATA and OPENHNS_DATABASE_URL to an empty "
            "folder and database."
        )


def _has_files(folder: Path) -> bool:
    return any(path.is_file() for path in folder.rglob("*"))


def _database_is_empty() -> bool:
    if connection.vendor == "sqlite":
        return not Path(str(connection.settings_dict["NAME"])).exists()
    return not connection.introspection.table_names()


def _restore_database(source: Path) -> None:
    if connection.vendor == "sqlite":
        target = Path(str(connection.settings_dict["NAME"]))
        draft = target.with_name(f".{target.name}.restoring")
        draft.unlink(missing_ok=True)
        backup.write_synced(draft, (source / backup.SQLITE_COPY).read_bytes())
        draft.rename(target)
        backup.sync_folder(target.parent)
        return
    database = str(connection.settings_dict["NAME"])
    run_tool(
        "pg_restore",
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        "--single-transaction",
        f"--dbname={database}",
        str(source / backup.POSTGRESQL_COPY),
    )


def _missing_keys() -> list[str]:
    wanted = [Path(settings.OPENHNS_MASTER_KEY_FILE)]
    wanted += [log_key_path(log.name) for log in Log.objects.order_by("name")]
    wanted += [notice_key_path(item.id) for item in Mechanism.objects.order_by("slug")]
    return [str(path) for path in wanted if not path.exists()]


def _tell(args: argparse.Namespace, manifest: dict[str, Any]) -> None:
    missing = _missing_keys()
    data = {"made_at": manifest["made_at"], "files": len(manifest["files"]), "missing": missing}
    lines = [f"The state of {manifest['made_at']} is restored: {data['files']} files."]
    lines += [f"Put back before anything else: {path}" for path in missing]
    lines.append("What was told to parties after that time is not in this database.")
    lines.append("If the log stands longer elsewhere, stop here: see docs/recovery.md.")
    emit(args, data, lines)
