//! Runs the calls: from the method to its flow, and to the effect that ends it.

use std::rc::Rc;

use super::api::{paging, psu, read, sync};
use super::auth::{authorize, revoke, userinfo};
use super::call::Call;
use super::client::Client;
use super::effect::{Effect, Id, Output};
use super::executor::LocalBoxFuture;
use super::operation::Operation;
use super::session::lookup;
use super::session::refresh;
use super::session::renewal::Need;
use super::shared_result::SharedResult;
use crate::aisp::request::Request;
use crate::error::Result;

/// Starts a call, which ends with the effect `Settle`.
pub fn start(
    client: Rc<Client>,
    id: Id,
    operation: Operation,
    options: &str,
    cancelled: Rc<SharedResult<()>>,
    ended: Box<dyn FnOnce()>,
) {
    let call = Call::parse(&client.io, &client.config, id, operation.key(), options);
    let io = client.io.clone();
    io.spawn(Box::pin(async move {
        let result = match call {
            Err(error) => Err(error),
            Ok(call) => {
                let work: LocalBoxFuture<'_, _> = Box::pin(async {
                    if let Some(options) = call.psu_options() {
                        psu::load(&client).await?.read(&client, &call, options)?;
                    }
                    run(&operation, &client, &call).await
                });
                call.run(&client.io, &cancelled, work).await
            }
        };
        ended();
        client.io.ask(Effect::Settle { call: id, result });
    }));
}

fn run<'a>(
    operation: &'a Operation,
    client: &'a Rc<Client>,
    call: &'a Call,
) -> LocalBoxFuture<'a, Result<Output>> {
    match operation {
        Operation::BeginAuthorization { options } => {
            Box::pin(async move { authorize::begin(client, call, options).await.map(Output::from) })
        }
        Operation::CompleteAuthorization { key, callback_url, pending } => Box::pin(async move {
            let session = authorize::complete(client, call, callback_url, pending, key).await?;
            Ok(session.describe().into())
        }),
        Operation::Restore { key } => Box::pin(async move {
            let found = lookup::restore(client, key).await?;
            Ok(found.map_or_else(Output::default, |session| session.describe().into()))
        }),
        Operation::Read { key, endpoint, id, options, checkpoint } => Box::pin(async move {
            match endpoint.request(&client.config.environment, id, options)? {
                Request::Whole(request) => {
                    let received = read::read(client, call, key, request).await?;
                    paging::whole(client, call, key, endpoint.message(), received)
                }
                Request::Page(listing) => {
                    let position = listing.position(checkpoint.as_deref())?;
                    let request = listing.request(&client.config.environment, &position)?;
                    let received = read::read(client, call, key, request).await?;
                    paging::page(client, call, key, endpoint.message(), received, &listing, &position)
                }
            }
        }),
        Operation::Sync { key, account_id, options } => {
            Box::pin(
                async move { sync::load(client).await?.sync(client, call, key, account_id, options).await },
            )
        }
        Operation::Refresh { key } => Box::pin(async move {
            let session = lookup::require(client, key).await?;
            refresh::refresh(client, call, &session, Need::Early).await.map(|()| Output::default())
        }),
        Operation::UserInfo { key } => Box::pin(async move {
            userinfo::load(client).await?.user_info(client, call, key).await.map(Output::from)
        }),
        Operation::Revoke { key } => {
            Box::pin(async move { revoke::revoke(client, call, key).await.map(|()| Output::default()) })
        }
    }
}
