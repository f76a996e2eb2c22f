"""The records of this installation, for commands that work on them directly."""

from crispdeck.data_folder import open_data_folder
from crispdeck.records.database import Database
from crispdeck.settings import Settings


def open_records() -> Database:
    """Open the database that the settings name, its tables up to date."""
    settings = Settings.from_env()
    open_data_folder(settings.data_dir)
    database = Database(settings.effective_database_url)
    database.migrate()
    return database
