"""A web application that shows a customer's accounts: FastAPI with `AsyncClient`.

Run it beside a sandbox (`npx @oakford/aisp-sandbox`): `uvicorn app:app --port 3000`, then open
http://localhost:3000.
"""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.middleware.sessions import SessionMiddleware

from oakford_aisp import AispError, AsyncClient, AsyncSession, ConsentError
from oakford_aisp.stores import FileStore

client = AsyncClient(
    environment={"base_url": os.environ.get("API", "http://127.0.0.1:8787/aisp/v1")},
    client_id="oakford-demo-server",
    client_secret="sandbox-server-secret",
    redirect_uri=os.environ.get("CALLBACK", "http://localhost:3000/callback"),
    token_store=FileStore(os.environ.get("SESSIONS", ".sessions")),
)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Closes the client's connections at the end."""
    async with client:
        yield


app = FastAPI(lifespan=lifespan)
# The customer's browser session: who the customer is, and the authorization that was begun.
app.add_middleware(SessionMiddleware, secret_key=os.environ.get("KEY", secrets.token_hex(32)))


class NotConnectedError(Exception):
    """The customer has connected no bank yet."""


async def session_of(request: Request) -> AsyncSession:
    """Returns the session of the customer who makes the request."""
    session = await client.session(request.session.get("customer", "nobody"))
    if session is None:
        raise NotConnectedError
    return session


@app.get("/connect")
async def connect(request: Request) -> RedirectResponse:
    """Sends the customer to the bank."""
    begun = await client.begin_authorization()
    request.session.setdefault("customer", secrets.token_urlsafe())
    request.session["pending"] = begun.pending
    return RedirectResponse(begun.url, 303)


@app.get("/callback")
async def callback(request: Request) -> RedirectResponse:
    """The customer comes back from the bank."""
    pending = request.session.pop("pending", "{}")
    key = request.session.get("customer", "nobody")
    await client.complete_authorization(str(request.url), pending, key=key)
    return RedirectResponse("/", 303)


@app.get("/")
async def accounts(request: Request) -> Any:
    """Shows the accounts; `psu` says that the customer is present."""
    session = await session_of(request)
    psu = {"ip_address": request.client.host} if request.client else None
    return [
        {"id": account.account_id, "iban": account.iban, "currency": account.currency}
        async for account in session.accounts(psu=psu)
    ]


@app.get("/accounts/{account_id}/transactions")
async def transactions(request: Request, account_id: str) -> Any:
    """Shows the newest transactions. Amounts are texts, so that no digit is lost."""
    session = await session_of(request)
    page = await session.transactions(account_id, limit=20).first_page()
    return [
        {
            "date": row.booking_date,
            "amount": str(row.transaction_amount.amount),
            "currency": row.transaction_amount.currency,
            "name": row.creditor_name or row.debtor_name,
        }
        for row in page.items
    ]


@app.exception_handler(NotConnectedError)
@app.exception_handler(ConsentError)
async def connect_first(_: Request, __: Exception) -> RedirectResponse:
    """Sends a customer without a session, or with an expired consent, to the bank."""
    return RedirectResponse("/connect", 303)


@app.exception_handler(AispError)
async def failed(_: Request, error: AispError) -> JSONResponse:
    """Says what support needs to know; no error of the SDK shows a secret."""
    status = 503 if error.retryable else 502
    return JSONResponse({"code": error.code, "request_id": error.request_id}, status)
