//! A simulated host, for tests of the engine: minutes of protocol in a millisecond, with every failure that a seed can choose.
//!
//! `docs/simulation.md` says what is simulated, and how to replay a seed.

mod api_server;
mod application;
mod authorization_server;
mod checks;
mod clock;
mod exchanges;
mod host;
mod message;
mod network;
mod process;
mod properties;
mod random;
mod scenario;
mod scripted;
mod simulation;
mod store;
mod stores;
mod transcript;
mod transcripts;
