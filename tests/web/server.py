"""The application with one more endpoint, which fails, so that the boundary can be seen."""

from fastapi import APIRouter
from starlette.types import ASGIApp

router = APIRouter()


@router.get("/api/fail")
async def fail() -> None:
    raise RuntimeError("secret details")


def serve() -> ASGIApp:
    """The whole application under everything it stands under, with the endpoint beside its own."""
    from app.api.routes import ROUTERS

    ROUTERS.append(router)
    from app.web.worker import serve as serve_application

    return serve_application()
