//! A lease: a lock with an end, written by compare-and-swap, for stores that have no lock of their own.
//!
//! The holder writes it anew for as long as it works. Where it stops, because its process ended, another takes the lease
//! once its end has passed, or once it was seen unchanged for as long as it lasts, should the clocks disagree.

use core::future::poll_fn;
use core::task::Poll;

use wasm_bindgen::JsValue;

use super::alarm::Alarm;
use super::client::Inner;
use super::edge::clock;
use super::store;
use crate::digits;
use crate::engine::LocalBoxFuture;
use crate::error::Result;
use crate::oauth::random_token;

/// How long a lease lasts, in milliseconds.
const LASTS: i64 = 10_000;
/// How often its holder writes it anew.
const BEAT: i64 = 3_000;
/// By so much the clocks of servers may differ.
const SKEW: i64 = 2_000;
/// How often those who wait look again, at the least.
const LOOK: i64 = 40;
/// A wait for a lease that takes longer, in milliseconds, is given up. No refresh takes as long.
const LONGEST_WAIT: f64 = 330_000.0;
/// A store that refuses so many swaps of one version never swaps.
const REFUSALS: u32 = 8;

/// A lease that this process took.
pub struct Lease {
    key: String,
    owner: String,
}

impl Lease {
    /// Takes the lease of a key, and waits for its holder.
    pub async fn take(inner: &Inner, key: &str) -> Result<Self> {
        let lease = Self { key: ["lease:", key].concat(), owner: random_token()? };
        let began = clock();
        let mut seen = (String::new(), 0);
        let mut refused = 0;
        while clock() - began < LONGEST_WAIT {
            let entry = store::get(inner, &lease.key).await?;
            let now = inner.now();
            let (version, free) = match entry {
                None => (None, true),
                Some(entry) => {
                    if entry.version != seen.0 {
                        (seen, refused) = ((entry.version.clone(), now), 0);
                    }
                    let free = end(&entry.value) + SKEW <= now || seen.1 + LASTS + SKEW <= now;
                    (Some(entry.version), free)
                }
            };
            if free {
                if store::swap(inner, &lease.key, version.as_deref(), Some(&lease.mark(now))).await? {
                    return Ok(lease);
                }
                refused += 1;
            }
            // If another process were quicker each time, the version would change.
            if refused > REFUSALS {
                break;
            }
            pause(inner, LOOK + inner.dice(2 * LOOK)).await;
        }
        Err(store::failed("compareAndSwap"))
    }

    /// Runs `work` while this process holds the lease, then gives it back.
    pub async fn run<T>(&self, inner: &Inner, mut work: LocalBoxFuture<'_, Result<T>>) -> Result<T> {
        let result = {
            let mut beating: LocalBoxFuture<'_, ()> = Box::pin(self.beat(inner));
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
        let _ = self.write(inner, None).await;
        result
    }

    /// Whether the lease is still this process's; then it is written anew, so that it lasts.
    pub async fn is_held(&self, inner: &Inner) -> Result<bool> {
        self.write(inner, Some(&self.mark(inner.now()))).await
    }

    async fn beat(&self, inner: &Inner) {
        loop {
            pause(inner, BEAT).await;
            // One that fails is made up for by the next: the lease lasts for three of them.
            let _ = self.is_held(inner).await;
        }
    }

    /// Writes over the lease as long as it is this process's; false once it is not.
    async fn write(&self, inner: &Inner, value: Option<&str>) -> Result<bool> {
        for _ in 0..4 {
            match store::get(inner, &self.key).await? {
                Some(entry) if entry.value.ends_with(&self.owner) => {
                    if store::swap(inner, &self.key, Some(&entry.version), value).await? {
                        return Ok(true);
                    }
                }
                _ => return Ok(false),
            }
        }
        Ok(false)
    }

    /// A lease opens with its end in milliseconds since the epoch, so that a store may know when to forget it.
    fn mark(&self, now: i64) -> String {
        [&digits::write(now + LASTS), " ", &self.owner].concat()
    }
}

fn end(mark: &str) -> i64 {
    mark.split(' ').next().and_then(digits::read).unwrap_or_default()
}

/// Waits for so many milliseconds.
pub async fn pause(inner: &Inner, ms: i64) {
    Alarm::set(&inner.edge, ms, &JsValue::UNDEFINED).await;
}
