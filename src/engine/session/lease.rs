//! A lease: a lock with an end, written by compare-and-swap, for stores that have no lock of their own.
//!
//! Its holder extends it by a heartbeat while it works. If the holder's process ends, another process takes the lease once its TTL
//! has passed, or, if the clocks disagree, once it was seen unchanged for its TTL.

use core::future::poll_fn;
use core::task::Poll;

use crate::digits;
use crate::engine::client::Client;
use crate::engine::executor::LocalBoxFuture;
use crate::engine::store::{self, Change, LOCK_TIMEOUT};
use crate::error::Result;

/// How long a lease lasts, in milliseconds.
const TTL: i64 = 10_000;
/// How often its holder extends it, in milliseconds.
const HEARTBEAT: i64 = 3_000;
/// By so much the clocks of servers may differ.
const SKEW: i64 = 2_000;
/// How often a process that waits reads the lease, in milliseconds, at most.
const POLL_INTERVAL: i64 = 40;
/// A store that refuses so many swaps of one version never swaps.
const REFUSALS: u32 = 8;

/// A lease that this process took.
pub struct Lease {
    key: String,
    owner: String,
}

impl Lease {
    /// Takes the lease of a key, and waits for its holder.
    pub async fn take(client: &Client, key: &str) -> Result<Self> {
        let lease = Self { key: ["lease:", key].concat(), owner: client.io.random_token().await? };
        let began = client.io.clock();
        let mut seen = (String::new(), 0);
        let mut refused = 0;
        while client.io.clock() - began < LOCK_TIMEOUT as f64 {
            let entry = store::get(client, &lease.key).await?;
            let now = client.io.wall();
            let (version, free) = match entry {
                None => (None, true),
                Some(entry) => {
                    if entry.version != seen.0 {
                        (seen, refused) = ((entry.version.clone(), now), 0);
                    }
                    let free = end(&entry.value) + SKEW <= now || seen.1 + TTL + SKEW <= now;
                    (Some(entry.version), free)
                }
            };
            if free {
                if store::swap(client, &lease.key, version.as_deref(), Some(&lease.mark(now))).await? {
                    return Ok(lease);
                }
                refused += 1;
            }
            // If another process were quicker each time, the version would change.
            if refused > REFUSALS {
                break;
            }
            client.io.timer(POLL_INTERVAL + client.io.random_below(2 * POLL_INTERVAL)).await;
        }
        Err(store::failed("compareAndSwap"))
    }

    /// Runs `work` while this process holds the lease, then gives it back.
    pub async fn run<T>(&self, client: &Client, mut work: LocalBoxFuture<'_, Result<T>>) -> Result<T> {
        let result = {
            let mut beating: LocalBoxFuture<'_, ()> = Box::pin(self.heartbeat(client));
            poll_fn(|context| match work.as_mut().poll(context) {
                Poll::Pending => {
                    let _ = beating.as_mut().poll(context);
                    Poll::Pending
                }
                ready => ready,
            })
            .await
        };
        // A lease that can't be given back ends by itself, and what the work gave counts.
        let _ = self.write(client, &mut || None).await;
        result
    }

    /// Returns whether the lease is still this process's, and extends it if so. False as well if the store took so long to extend it
    /// that most of the extension is over.
    pub async fn is_held(&self, client: &Client) -> Result<bool> {
        let mut began = 0;
        let is_written = self
            .write(client, &mut || {
                began = client.io.wall();
                Some(self.mark(began))
            })
            .await?;
        Ok(is_written && client.io.wall() - began <= TTL / 2)
    }

    async fn heartbeat(&self, client: &Client) {
        loop {
            client.io.timer(HEARTBEAT).await;
            // One that fails is made up for by the next: the lease lasts for three of them.
            let _ = self.is_held(client).await;
        }
    }

    /// Writes over the lease while it is this process's; returns false once it is not. Each attempt has a value of its own, because a
    /// store may have taken long over the last one.
    async fn write(&self, client: &Client, value: &mut dyn FnMut() -> Option<String>) -> Result<bool> {
        store::update(client, &self.key, &mut |entry| match entry {
            Some(entry) if entry.value.ends_with(&self.owner) => Ok(Change::Write(value())),
            _ => Ok(Change::Keep),
        })
        .await
    }

    /// A lease opens with its end in milliseconds since the epoch, so that a store may know when to forget it.
    fn mark(&self, now: i64) -> String {
        [&digits::write(now + TTL), " ", &self.owner].concat()
    }
}

fn end(mark: &str) -> i64 {
    mark.split(' ').next().and_then(digits::read).unwrap_or_default()
}
