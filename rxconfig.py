"""How Reflex builds and serves OneTrip; the reasons stand beside the settings."""

import os

import reflex as rx

from app.web.build import WebBuild
from app.web.site import DEFAULT_ADDRESS, site_from

_site = site_from(os.environ)

config = rx.Config(
    app_name="app",
    # The bundle speaks to whichever address it was loaded from (app/web/browser/vite.js).
    api_url=DEFAULT_ADDRESS,
    deploy_url=None,
    # Only pages of our own may open the websocket.
    cors_allowed_origins=list(_site.own_origins),
    # Memory, never disk: State holds the request's cookie, and the disk manager would pickle it.
    # Several web processes share it through Redis, which Reflex chooses itself.
    redis_url=os.environ.get("REDIS_URL"),
    state_manager_mode="redis" if os.environ.get("REDIS_URL") else "memory",
    # A day: a form left open over lunch must still find its State.
    redis_token_expiration=86_400,
    frontend_compression_formats=["brotli", "gzip"],
    # Libraries for components sent as code at run time; we send none.
    frontend_lazy_bundled_libraries=True,
    default_color_mode="light",
    show_built_with_reflex=False,
    telemetry_enabled=False,
    plugins=[WebBuild()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
