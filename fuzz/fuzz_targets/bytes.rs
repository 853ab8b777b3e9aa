//! Any bytes as a body: read, or refused where a general JSON parser refuses them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use oakford_aisp::aisp::decode::{Message, oracle};

fuzz_target!(|body: &[u8]| {
    for message in Message::ALL {
        oracle::compare(*message, body);
    }
});
