//! The option `psu`, loaded with the first call that has it: pages rarely do.

use crate::aisp::Psu;
use crate::engine::call::Call;
use crate::engine::client::Client;
use crate::error::{Error, Result};
use crate::json::{Fields, Value};

/// The loaded module.
#[derive(Clone, Copy)]
pub struct LazyModule(());

/// Loads it, unless it is loaded.
pub async fn load(client: &Client) -> Result<LazyModule> {
    client.modules.load(&client.io, "psu").await?;
    Ok(LazyModule(()))
}

impl LazyModule {
    /// Reads the option into the call's headers, and reports what was left out.
    #[inline(never)]
    pub fn read(self, client: &Client, call: &Call, options: &Value) -> Result<()> {
        let loopback = client.config.environment.base.is_loopback();
        let fields = Fields::of("psu", options).map_err(Error::option)?;
        let psu = Psu::read(fields, loopback).map_err(Error::option)?;
        for (option, reason) in &psu.left_out {
            client.events.psu(call, option, reason, psu.ip_address.is_none());
        }
        call.set_psu(psu);
        Ok(())
    }
}
