//! Bodies that are nearly what the contract says, as the fuzzer chooses: read as a general JSON parser reads them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use oakford_aisp::aisp::decode::{Message, oracle};

fuzz_target!(|choices: &[u8]| {
    let Some((message, choices)) = choices.split_first() else { return };
    let messages = Message::ALL;
    let message = messages[usize::from(*message) % messages.len()];
    oracle::compare(message, &oracle::Writer::body(message, choices));
});
