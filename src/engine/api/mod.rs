//! Reading from the API.

pub mod paging;
pub mod psu;
pub mod read;
pub mod sync;
