"""What several tests use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oakford_aisp.testing import approve

if TYPE_CHECKING:
    from oakford_aisp import AsyncClient, AsyncSession, Client, Session


def connect(client: Client, key: str = "default", user: str = "anna") -> Session:
    """Connects a customer."""
    begun = client.begin_authorization()
    return client.complete_authorization(approve(begun.url, user=user), begun.pending, key=key)


async def connect_async(
    client: AsyncClient, key: str = "default", user: str = "anna"
) -> AsyncSession:
    """Connects a customer."""
    begun = await client.begin_authorization()
    url = approve(begun.url, user=user)
    return await client.complete_authorization(url, begun.pending, key=key)
