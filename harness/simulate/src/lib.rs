//! Questions to the policy engine: one by hand, or millions in JSON Lines.
//!
//! A line holds who asks, for which action on which resource, the condition keys, and the policies:
//!
//! ```json
//! {"id":"1","principal":"arn:aws:sts::111122223333:assumed-role/app/i-1","action":"s3:GetObject",
//!  "resource":"arn:aws:s3:::b/k","resourceAccount":"111122223333",
//!  "context":{"aws:PrincipalTag/Status":"OK","aws:CalledVia":["athena.amazonaws.com"]},
//!  "policies":{"identity":[{…}],"resource":{…},"boundary":[{…}],"session":[{…}],
//!              "scp":[[{…}],[{…}]],"rcp":[[{…}]],"endpoint":[{…}]}}
//! ```
//!
//! [`Simulator::answer`] makes an answer of it: `{"id","decision","by","notes"}`, or `{"id","error"}` for a line that
//! cannot be answered. [`batch`] does so for a whole stream on every core, in order and in constant memory. The same
//! question is asked by hand through [`Ask`]. [`Details`] is what GetAccountAuthorizationDetails tells of an account, so
//! that questions need not repeat the policies of its users and roles.

mod answer;
mod ask;
mod batch;
mod cache;
mod compiled;
mod details;
mod fault;
mod follows;
mod gather;
mod known;
mod line;
mod principal;
mod scan;
mod simulator;
mod tags;

pub use answer::Answer;
pub use ask::{Ask, Attached};
pub use batch::{LONGEST_LINE, Settings, Summary, batch};
pub use compiled::Compiled;
pub use details::Details;
pub use fault::Fault;
pub use known::is_multivalued;
pub use simulator::Simulator;
