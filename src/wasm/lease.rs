//! A lease: a lock with an end, written by compare-and-swap, for stores that have no lock of their own.
//!
//! The holder writes it anew for as long as it works. Where it stops, because its process ended, another takes the lease
//! once its end has passed, or once it was seen unchanged for as long as it lasts, should the clocks disagree.

use core::future::poll_fn;
use core::task::Poll;

use wasm_bindgen::JsValue;

use super::alarm::Alarm;
use super::client::Inner;
use super::store;
use super::task::LocalBoxFuture;
use crate::digits;
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

/// Runs `work` while this process holds the lease of `key`.
pub async fn hold<T>(inner: &Inner, key: &str, mut work: LocalBoxFuture<'_, Result<T>>) -> Result<T> {
    let key = ["lease:", key].concat();
    let owner = random_token()?;
    take(inner, &key, &owner).await?;
    let result = {
        let mut beating: LocalBoxFuture<'_, ()> = Box::pin(beat(inner, &key, &owner));
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
    let _ = renew(inner, &key, &owner, None).await;
    result
}

async fn take(inner: &Inner, key: &str, owner: &str) -> Result<()> {
    let mut seen = (String::new(), 0);
    loop {
        let entry = store::get(inner, key).await?;
        let now = inner.now();
        let free = match &entry {
            None => true,
            Some(entry) => {
                if entry.version != seen.0 {
                    seen = (entry.version.clone(), now);
                }
                end(&entry.value) + SKEW <= now || seen.1 + LASTS + SKEW <= now
            }
        };
        let version = entry.map(|entry| entry.version);
        if free && store::swap(inner, key, version.as_deref(), Some(&mark(now, owner))).await? {
            return Ok(());
        }
        pause(inner, LOOK + inner.dice(2 * LOOK)).await;
    }
}

async fn beat(inner: &Inner, key: &str, owner: &str) {
    loop {
        pause(inner, BEAT).await;
        // One that fails is made up for by the next: the lease lasts for three of them.
        let _ = renew(inner, key, owner, Some(&mark(inner.now(), owner))).await;
    }
}

/// Writes the lease anew, or gives it back, as long as it is the owner's.
async fn renew(inner: &Inner, key: &str, owner: &str, value: Option<&str>) -> Result<()> {
    for _ in 0..4 {
        match store::get(inner, key).await? {
            Some(entry) if entry.value.ends_with(owner) => {
                if store::swap(inner, key, Some(&entry.version), value).await? {
                    return Ok(());
                }
            }
            _ => return Ok(()),
        }
    }
    Ok(())
}

/// A lease opens with its end in milliseconds since the epoch, so that a store may know when to forget it.
fn mark(now: i64, owner: &str) -> String {
    [&digits::write(now + LASTS), " ", owner].concat()
}

fn end(mark: &str) -> i64 {
    mark.split(' ').next().and_then(digits::read).unwrap_or_default()
}

/// Waits for so many milliseconds.
pub async fn pause(inner: &Inner, ms: i64) {
    Alarm::set(&inner.edge, ms, &JsValue::UNDEFINED).await;
}
