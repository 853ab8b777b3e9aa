//! The lock of a session: the token store's own, or a lease where the store has none.

use std::rc::Rc;

use super::lease::Lease;
use crate::engine::client::Client;
use crate::engine::executor::LocalBoxFuture;
use crate::engine::store;
use crate::error::{Error, Result, wording};

/// A lock that this process took.
pub struct Lock {
    client: Rc<Client>,
    means: Means,
}

enum Means {
    Store(store::StoreLock),
    Lease(Lease),
}

impl Lock {
    /// Takes the lock of a key, and waits for its holder. Fails if the wait takes longer than any refresh may.
    pub async fn take(client: &Rc<Client>, key: &str) -> Result<Self> {
        let means = if client.host.locks {
            Means::Store(store::lock(client, key).await?)
        } else {
            Means::Lease(Lease::take(client, key).await?)
        };
        Ok(Self { client: client.clone(), means })
    }

    /// Runs `work` under the lock.
    pub async fn run<T>(&self, work: LocalBoxFuture<'_, Result<T>>) -> Result<T> {
        match &self.means {
            Means::Store(_) => work.await,
            Means::Lease(lease) => lease.run(&self.client, work).await,
        }
    }

    /// Whether the lock is still this process's. If the process stood still for long, another may have taken the lock over.
    pub async fn is_held(&self) -> Result<bool> {
        match &self.means {
            Means::Store(lock) => lock.is_held(&self.client).await,
            Means::Lease(lease) => lease.is_held(&self.client).await,
        }
    }
}

/// Returns the error for a refresh token that was not sent because the lock was lost.
pub fn lost() -> Error {
    Error::worded(&wording::LOCK_LOST)
}
