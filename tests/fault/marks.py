"""Which faults are done on which database. Both runs go on at the same time, so that each does its share."""

import pytest
from django.db import connection

_on_sqlite = connection.vendor == "sqlite"
nightly_on_postgres = [] if _on_sqlite else [pytest.mark.nightly]
"""For what does not depend on the database: there the nightly run is enough."""
nightly_on_sqlite = [pytest.mark.nightly] if _on_sqlite else []
"""For what is about the database's own fences: the stricter one is tried each time."""
