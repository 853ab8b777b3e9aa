//! The engine that Python holds.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use oakford_aisp::engine::event::Now;
use oakford_aisp::engine::{self, Client, HostFacts};
use oakford_aisp::error::Error;
use pyo3::exceptions::{PyKeyError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::{effects, events};

/// The engine of one thread, with its clients by their numbers.
#[pyclass(unsendable, module = "oakford_aisp._core")]
pub struct Engine {
    engine: engine::Engine,
    clients: RefCell<HashMap<u32, Rc<Client>>>,
}

#[pymethods]
impl Engine {
    /// Makes an engine. `seed`: random numbers for request ids and jitter.
    #[new]
    fn new(seed: (u64, u64, u64)) -> Self {
        Self { engine: engine::Engine::new(seed.into()), clients: RefCell::default() }
    }

    /// Makes a client and returns its number. A wrong option raises `ValueError` with the error as JSON.
    #[pyo3(signature = (options, wall, monotonic, *, certificate, locks, shares_rate_limit, listens))]
    #[expect(clippy::too_many_arguments, reason = "each fact of the host has a name")]
    fn client(
        &self,
        options: &str,
        wall: i64,
        monotonic: f64,
        certificate: bool,
        locks: bool,
        shares_rate_limit: bool,
        listens: bool,
    ) -> PyResult<u32> {
        let facts =
            HostFacts { certificate, signs: true, locks, shares_rate_limit, listens, ..HostFacts::default() };
        let client = self.engine.client(options, facts, Now { wall, monotonic }).map_err(raised)?;
        let number = client.number;
        self.clients.borrow_mut().insert(number, client);
        Ok(number)
    }

    /// Forgets a client once its calls have ended, and returns effects.
    fn drop_client<'py>(&self, py: Python<'py>, number: u32) -> PyResult<Vec<Bound<'py, PyTuple>>> {
        let client = self.clients.borrow_mut().remove(&number);
        drop(client);
        self.effects(py)
    }

    /// Brings an event, and returns the effects that the engine asks for.
    fn handle<'py>(
        &self,
        py: Python<'py>,
        event: &Bound<'py, PyTuple>,
        wall: i64,
        monotonic: f64,
    ) -> PyResult<Vec<Bound<'py, PyTuple>>> {
        self.engine.handle(events::read(event)?, Now { wall, monotonic });
        self.effects(py)
    }

    /// Returns what a session shows now if it is in memory, as JSON.
    fn describe(&self, number: u32, key: &str) -> PyResult<Option<String>> {
        Ok(self.of(number)?.describe(key))
    }

    /// Returns the URL that logs the customer out. An error raises `ValueError` with the error as JSON.
    fn logout_url(&self, number: u32, key: &str, options: &str) -> PyResult<String> {
        self.of(number)?.logout_url(key, options).map_err(raised)
    }

    /// Returns the newest events, oldest first, as a JSON array.
    fn recent_events(&self, number: u32) -> PyResult<String> {
        Ok(self.of(number)?.recent_events())
    }

    /// Returns the rate limit as JSON.
    fn rate_limit_state(&self, number: u32, wall: i64, monotonic: f64) -> PyResult<String> {
        let client = self.of(number)?;
        self.engine.set_now(Now { wall, monotonic });
        Ok(client.rate_limit_state())
    }

    /// Returns in how many milliseconds so many further calls would have been sent.
    fn rate_limit_estimate(
        &self,
        number: u32,
        calls: u32,
        background: bool,
        wall: i64,
        monotonic: f64,
    ) -> PyResult<f64> {
        let client = self.of(number)?;
        self.engine.set_now(Now { wall, monotonic });
        Ok(client.rate_limit_estimate(calls, background))
    }
}

impl Engine {
    fn effects<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyTuple>>> {
        self.engine.take_effects().into_iter().map(|effect| effects::write(py, effect)).collect()
    }

    fn of(&self, number: u32) -> PyResult<Rc<Client>> {
        let client = self.clients.borrow().get(&number).cloned();
        client.ok_or_else(|| PyKeyError::new_err("the client was closed"))
    }
}

fn raised(error: Error) -> PyErr {
    PyValueError::new_err(error.to_json())
}
