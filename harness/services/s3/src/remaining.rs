//! What the world leaves to be done elsewhere.

use serde_json::Value;

use super::change::Change;
use super::reply::Reply;

/// What is left to do of a request that is authorised.
#[derive(Debug)]
pub enum Remaining {
    /// Nothing: this is the answer.
    Nothing(Reply),
    /// All of it. Once it is done there, this becomes so here: see [`crate::ProxiedObjects::s3_change`].
    All(Option<Change>),
    /// All of it. What is answered there tells the id of an upload: see [`crate::ProxiedObjects::s3_upload_began`].
    Upload,
    /// To delete these, as the request lists them, and to tell of the others among the errors of the same answer.
    Deletes {
        /// What may be deleted.
        allowed: Vec<Value>,
        /// What may not, and why.
        refused: Vec<Value>,
    },
}
