"""Consistent copies of a SQLite site."""

import sqlite3
import tempfile
import zipfile
from pathlib import Path


def copy_sqlite(database: Path) -> Path:
    """Return a copy of a database that may be in use, made page by page by SQLite itself."""
    target = Path(tempfile.mkdtemp()) / "consult.sqlite3"
    with sqlite3.connect(database) as source, sqlite3.connect(target) as copy:
        source.backup(copy)
    source.close()
    copy.close()
    return target


def copy_with_key(instance: Path, database: Path, file: Path) -> None:
    """Put a copied database and the kept key into one zip that only its owner can read, then drop the copy."""
    file.touch(mode=0o600)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(database, "consult.sqlite3")
        for name in ("secret.key", "consult.env"):
            if (instance / name).is_file():
                archive.write(instance / name, name)
    database.unlink()
    database.parent.rmdir()
