//! aisp
