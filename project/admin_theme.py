"""How the administration looks: settings of Unfold, which brings its scripts, styles and fonts along."""

from __future__ import annotations

from typing import Any

THEME: dict[str, Any] = {
    "SITE_TITLE": "Vigil",
    "SITE_HEADER": "Vigil",
    "SITE_SUBHEADER": "Administration",
    "SITE_URL": "/",
    "SITE_SYMBOL": "visibility",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "DASHBOARD_CALLBACK": "events.dashboard.show",
    "SIDEBAR": {"show_search": True, "navigation": "project.administration.navigation"},
    "COLORS": {
        "primary": {
            "50": "oklch(97% .014 230)",
            "100": "oklch(93% .03 230)",
            "200": "oklch(88% .06 230)",
            "300": "oklch(80% .1 230)",
            "400": "oklch(71% .13 232)",
            "500": "oklch(62% .14 235)",
            "600": "oklch(54% .14 238)",
            "700": "oklch(47% .12 240)",
            "800": "oklch(41% .1 240)",
            "900": "oklch(36% .08 240)",
            "950": "oklch(27% .06 240)",
        }
    },
}
