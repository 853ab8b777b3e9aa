//! The rate limit: which request may be sent next, in this process and among all that share the limit.

mod queue;
mod shared;

pub use queue::{Permit, Queue, Queues};
