//! The operations of a [`VirtualHost`]'s token store: on their way, with faults, and its locks.

use super::host::{Due, StoreRequest, VirtualHost};
use super::process::Arrival;
use super::store::{Fate, Holder, Operation};
use crate::engine::effect::Id;
use crate::engine::event::{Answer, Event};
use crate::error::Cause;

impl VirtualHost {
    /// Sends an operation to the store.
    pub fn ask_store(&mut self, process: (usize, u32), id: Id, operation: Operation) {
        let calm = self.is_calm();
        let now = self.clock.now();
        let mut fate = self.scenario.store.fate(&mut self.random, calm);
        if let Some(script) = &mut self.scripted_store
            && let Some(scripted) = script(&operation, now)
        {
            fate = scripted;
        }
        let mut ms = self.random.between(self.scenario.store.latency);
        if let Fate::Late(more) = fate {
            ms += more;
        }
        if fate != Fate::Done {
            self.print(|| format!("p{} store will be {fate:?}", process.0));
            let lock = operation.key().starts_with("lease:");
            self.processes[process.0].troubles.push((now, lock));
        }
        self.clock.after(ms, Due::Store(StoreRequest { process, id, operation, fate }));
    }

    /// Does an operation that arrived at the store, and answers it.
    pub fn operate(&mut self, request: StoreRequest) {
        let StoreRequest { process: (process, life), id, operation, fate } = request;
        let answer = if matches!(fate, Fate::FailsBefore | Fate::Lost) {
            None
        } else {
            let answer = self.store.apply(&operation);
            self.note_operation(&operation, &answer);
            Some(answer)
        };
        let event = match (fate, answer) {
            (Fate::Silent | Fate::Lost, _) => return,
            (Fate::Lies, Some(Answer::Flag(_))) => Event::Answer { id, answer: Answer::Flag(false) },
            (Fate::FailsBefore | Fate::FailsAfter, _) | (_, None) => {
                let value = match &operation {
                    Operation::Swap { value: Some(value), .. } => value.as_str(),
                    _ => self.store.value(operation.key()).unwrap_or_default(),
                };
                let message = format!("the store failed over {value}");
                let cause = Cause { name: "Error".into(), message, code: None };
                Event::Refused { id, causes: vec![cause] }
            }
            (_, Some(answer)) => Event::Answer { id, answer },
        };
        let ms = self.random.between(self.scenario.store.latency);
        self.clock.after(ms, Due::Arrival(process, life, Arrival::Event(event)));
    }

    /// Asks for a lock of the store.
    pub fn lock(&mut self, holder: Holder, key: &str) {
        let (process, life, id) = holder;
        let calm = self.is_calm();
        let ms = self.random.between(self.scenario.store.latency);
        if self.scenario.store.fate(&mut self.random, calm) == Fate::FailsBefore {
            let event = Event::Refused { id, causes: Vec::new() };
            return self.clock.after(ms, Due::Arrival(process, life, Arrival::Event(event)));
        }
        if self.store.lock(key, holder) {
            self.grant_lock(holder);
        }
    }

    /// Gives a lock to the next one that waits for it.
    pub fn release_lock(&mut self, holder: Holder) {
        if let Some(next) = self.store.unlock(holder) {
            self.grant_lock(next);
        }
    }

    fn grant_lock(&mut self, (process, life, id): Holder) {
        let ms = self.random.between(self.scenario.store.latency);
        let event = Event::Answer { id, answer: Answer::Nothing };
        self.clock.after(ms, Due::Arrival(process, life, Arrival::Event(event)));
    }
}
