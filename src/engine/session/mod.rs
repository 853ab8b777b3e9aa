//! Sessions: the grants of customers, and how they are kept and renewed.

pub mod consent;
pub mod lease;
pub mod lock;
pub mod lookup;
pub mod persistence;
pub mod refresh;
pub mod registry;
pub mod renewal;
pub mod stored;
