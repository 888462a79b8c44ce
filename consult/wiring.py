"""Who listens to which announcement. `create_app` calls `connect` once all rooms are known."""


def connect() -> None:
    """Connect the listeners of the higher rooms; safe to call again for another application."""
