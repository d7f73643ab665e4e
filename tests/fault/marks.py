"""Which faults are done on which database."""

import pytest
from django.db import connection

nightly_on_postgres = [] if connection.vendor == "sqlite" else [pytest.mark.nightly]
"""For what does not depend on the database: there the nightly run is enough."""
