//! Single-flight: concurrent calls that need the same resource share one request.

use core::cell::RefCell;
use std::rc::Rc;

use super::executor::LocalBoxFuture;
use super::shared_result::SharedResult;
use crate::error::{Class, Result};

/// Where calls find the request that is in flight. Its result is stored elsewhere; a failure is stored nowhere.
#[derive(Default)]
pub struct SingleFlight(RefCell<Option<Rc<InFlight>>>);

struct InFlight {
    timeout_ms: i64,
    /// `None` if its leader was dropped.
    result: SharedResult<Option<Result<()>>>,
}

impl SingleFlight {
    /// Runs `work`, or waits for the result of another call that runs it already. This call runs it after all if the other one is
    /// dropped, or fails by a time-out that is shorter than `timeout_ms`, this call's own.
    pub async fn run(&self, timeout_ms: i64, work: LocalBoxFuture<'_, Result<()>>) -> Result<()> {
        loop {
            let Some(in_flight) = self.0.borrow().clone() else { break };
            match in_flight.result.wait().await {
                Some(Err(error)) if error.class == Class::Timeout && timeout_ms > in_flight.timeout_ms => {}
                Some(result) => return result,
                None => {}
            }
        }
        let in_flight = Rc::new(InFlight { timeout_ms, result: SharedResult::default() });
        self.0.replace(Some(in_flight.clone()));
        let mut leader = Leader { flights: self, in_flight, result: None };
        let result = work.await;
        leader.result = Some(result.clone());
        result
    }
}

/// The call that runs the work. Dropping it, whether the work ended or not, ends the wait of the others.
struct Leader<'a> {
    flights: &'a SingleFlight,
    in_flight: Rc<InFlight>,
    result: Option<Result<()>>,
}

impl Drop for Leader<'_> {
    fn drop(&mut self) {
        self.flights.0.take();
        self.in_flight.result.settle(self.result.take());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::executor::Executor;
    use crate::error::{Error, Kind};
    use core::cell::Cell;
    use core::future::poll_fn;
    use core::task::Poll;

    #[derive(Default)]
    struct Host {
        executor: Executor,
        flights: SingleFlight,
        answer: SharedResult<Result<()>>,
        requests: Cell<u32>,
        results: RefCell<Vec<Result<()>>>,
    }

    async fn call(host: Rc<Host>, timeout_ms: i64) {
        let asked = host.clone();
        let work = Box::pin(async move {
            asked.requests.set(asked.requests.get() + 1);
            asked.answer.wait().await
        });
        let result = host.flights.run(timeout_ms, work).await;
        host.results.borrow_mut().push(result);
    }

    #[test]
    fn single_flight_one_request_for_all_calls_when_it_succeeds_or_fails() {
        for answer in [Ok(()), Err(Error::of(Kind::NetworkError))] {
            let host = Rc::new(Host::default());
            for _ in 0..20 {
                host.executor.spawn(Box::pin(call(host.clone(), 100)));
            }
            host.executor.run();
            host.answer.settle(answer.clone());
            host.executor.run();
            assert_eq!(
                (host.requests.get(), host.results.borrow().as_slice()),
                (1, vec![answer; 20].as_slice())
            );
        }
    }

    #[test]
    fn single_flight_another_call_leads_when_the_leader_is_dropped() {
        let host = Rc::new(Host::default());
        let (leader, dropped) = (host.clone(), Rc::new(SharedResult::<()>::default()));
        let abort = dropped.clone();
        host.executor.spawn(Box::pin(async move {
            let mut call: LocalBoxFuture<'_, ()> = Box::pin(call(leader, 100));
            let mut abort: LocalBoxFuture<'_, ()> = Box::pin(abort.wait());
            poll_fn(|context| match abort.as_mut().poll(context) {
                Poll::Ready(()) => Poll::Ready(()),
                Poll::Pending => call.as_mut().poll(context),
            })
            .await;
        }));
        for _ in 0..3 {
            host.executor.spawn(Box::pin(call(host.clone(), 100)));
        }
        host.executor.run();
        assert_eq!(host.requests.get(), 1);
        dropped.settle(());
        host.executor.run();
        assert_eq!(host.requests.get(), 2);
        host.answer.settle(Ok(()));
        host.executor.run();
        assert_eq!(host.results.borrow().len(), 3);
    }

    #[test]
    fn single_flight_a_call_with_a_longer_time_out_leads_when_the_leader_timed_out() {
        let host = Rc::new(Host::default());
        for timeout_ms in [50, 50, 200] {
            host.executor.spawn(Box::pin(call(host.clone(), timeout_ms)));
        }
        host.executor.run();
        host.answer.settle(Err(Error::of(Kind::Timeout)));
        host.executor.run();
        assert_eq!((host.requests.get(), host.results.borrow().len()), (2, 3));
    }
}
