//! A request that is made again with its `clientToken`.
//! docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html

use account::{Call, Fault, World};
use serde_json::Value;

/// The request that has started a task, for the one who makes it again.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ClientToken {
    /// `clientToken`
    pub(super) token: String,
    /// The unique id of the one who made it.
    caller: String,
    /// Its members, with the cluster and the definition that were meant.
    request: Value,
}

impl ClientToken {
    /// `None`: the request has no token.
    pub(super) fn new(
        world: &World,
        call: &Call<'_>,
        cluster: &str,
        definition: &str,
        given: &Value,
    ) -> Result<Option<Self>, Fault> {
        let Some(token) = given["clientToken"].as_str() else { return Ok(None) };
        let mut request = given.clone();
        request["cluster"] = cluster.into();
        request["taskDefinition"] = definition.into();
        let caller = world.caller_identity(&call.identity)?.user_id;
        Ok(Some(Self { token: token.to_owned(), caller, request }))
    }

    /// Refuses a token of another request, or of another caller's. The error tells nothing of the tasks that are there. AWS's
    /// has a member for their ARNs, and no page says that it gives them to another caller.
    ///
    /// "The provided `clientToken` is already in use with a different `RunTask` request."
    /// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
    pub(super) fn is_made_again(&self, by: &Self) -> Result<(), Fault> {
        let words = "The RunTask request could not be processed due to conflicts. The provided clientToken is already in \
                     use with a different RunTask request.";
        if self == by { Ok(()) } else { Err(Fault::new(400, "ConflictException", words)) }
    }
}
