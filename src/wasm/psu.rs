//! The option `psu`, loaded with the first call that has it: pages rarely do.

use super::call::Call;
use super::client::Inner;
use super::{events, part};
use crate::aisp::Psu;
use crate::error::{Error, Result};
use crate::json::{Fields, Value};

/// The part, loaded.
#[derive(Clone, Copy)]
pub struct Part(());

/// Loads it, unless it is there.
pub async fn load(inner: &Inner) -> Result<Part> {
    part::load(inner, "psu").await?;
    Ok(Part(()))
}

impl Part {
    /// Reads the option into the call's headers, and reports what was left out.
    #[inline(never)]
    pub fn read(self, inner: &Inner, call: &Call, options: &Value) -> Result<()> {
        let loopback = inner.config.environment.base.is_loopback();
        let fields = Fields::of("psu", options).map_err(Error::option)?;
        let psu = Psu::read(fields, loopback).map_err(Error::option)?;
        for (option, reason) in &psu.left_out {
            let mut event = events::of_type(inner, "psu");
            event.number("call", call.number.into()).text("option", option).text("reason", reason);
            inner.edge.emit(&event.flag("unattended", psu.ip_address.is_none()).finish());
        }
        call.psu.replace(psu);
        Ok(())
    }
}
