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
//! A line may also hold a whole call, `operation` in the place of `action`, with its resources:
//!
//! ```json
//! {"id":"2","principal":"arn:aws:iam::111122223333:user/ann","operation":"s3:CopyObject",
//!  "resources":[{"action":"s3:GetObject","resource":"arn:aws:s3:::from/k","policies":{"resource":{…}}},
//!               {"action":"s3:PutObject","resource":"arn:aws:s3:::to/k","context":{"s3:x-amz-storage-class":"STANDARD"}}],
//!  "context":{"aws:SecureTransport":"true"},"policies":{"identity":[{…}]}}
//! ```
//!
//! AWS asks several questions about many calls: the action on each resource, `iam:PassRole` on a role that is passed, the
//! tagging action on what is made with tags. [`Simulator::call`] asks them all. The answer has the first refusal, if there
//! is one: `{"id","decision","by","refusal":{"action","resource"},"notes"}`, with a trace also `"asked":[…]`.
//!
//! * A resource names its `action` only where its ARN fits several of the operation's.
//! * What the call makes itself need not be given: an instance is `arn:aws:ec2:REGION:ACCOUNT:instance/*`. To give it
//!   tags of its own, give it by that ARN.
//! * The keys of the call go to each question that carries them: `aws:RequestTag/…` in the call are the tags of all that it
//!   makes. In EC2 the tags of one resource stand in that resource's own context.
//!
//! [`Simulator::answer`] makes an answer of it: `{"id","decision","by","notes"}`, or `{"id","error"}` for a line that
//! cannot be answered. [`batch`] does so for a whole stream on every core, in order and in constant memory. The same
//! question is asked by hand through [`Question`]. [`Details`] is what GetAccountAuthorizationDetails tells of an account, so
//! that questions need not repeat the policies of its users and roles.
//!
//! Documents are compared in the same way, by [`compare_lines`]: `{"id","old","new","kind"}` has a policy or a list of policies
//! on each side, and the answer is `{"id","result","request","lost","laws"}`, or `{"id","error"}`.
//!
//! So are claims about every request settled, by [`prove_lines`]: `{"id","claim":"never","action","resource","principal",
//! "policies"}` has `when` and `unless` where they are needed, and the answer is `{"id","result","request","laws"}`.

mod answer;
mod batch;
mod cache;
mod claimed;
mod claims;
mod comparisons;
mod compiled;
mod details;
mod fault;
mod follows;
mod gather;
mod line;
mod lookups;
mod note;
mod operation;
mod principal;
mod question;
mod scan;
mod simulator;
mod stream;
mod tags;

pub use answer::Answer;
pub use batch::{Settings, Summary, answer_line, batch};
pub use claimed::{Claimed, OnResource, condition};
pub use claims::{Proved, prove_lines};
pub use comparisons::{Compared, compare_lines};
pub use compiled::Compiled;
pub use details::{DetailedEntity, DetailedPolicy, Details};
pub use fault::Fault;
pub use follows::{Follows, followed, is_of_temporary, of_chain};
pub use gather::never_from;
pub use line::members;
pub use lookups::{is_multivalued, key_not_known, not_in_account, not_known, not_on};
pub use note::{Note, NoteAbout};
pub use operation::besides::{Also, in_call};
pub use operation::{Call, CallAnswer, Target, makes};
pub use question::{Attached, Question};
pub use simulator::{Asked, Simulator, is_about_trust};
pub use stream::{LONGEST_LINE, Shares, stream};
