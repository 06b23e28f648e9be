//! Statements about every request: proved, or the one request that shows otherwise. Pure.
//!
//! Policies are read as formulas over what can be so of a request: this key is there, that text is in this language. A SAT
//! solver proposes what is so; whether there is such a request is settled by a search for its texts, and what is impossible
//! is learnt. All of it is made of the engine's own compiled policies ([`policy::view`]).
//!
//! Nothing is shown that the engine contradicts: every request that is found is decided again, and every proof is attacked
//! with requests made of what the policies write. If the two ever differ, that is a [`Disagreement`], a fault of ours. What
//! cannot be settled exactly is [`Verdict::Undecided`], with the reason.

mod asked;
mod attack;
mod budget;
mod callers;
mod claim;
mod compare;
mod concrete;
mod dead;
mod decision;
mod encode;
mod formula;
mod granted;
mod lang;
mod law;
mod line;

mod options;
mod points;
mod public;
mod readable;
mod request;
mod rows;
mod search;
mod settle;
mod solve;
mod space;
mod theory;
mod verdict;

/// Policies made by chance, as the engine is tested with.
#[cfg(test)]
#[expect(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "links to the engine's own tests, of which only the documents are used here"
)]
mod generate;
#[cfg(test)]
#[expect(dead_code, unreachable_pub, reason = "the same")]
mod tape;
#[cfg(test)]
mod testing;

pub use asked::{Asked, Settled};
pub use budget::Budget;
pub use callers::{everybody, sessions_of};
pub use claim::{Claim, Question, prove};
pub use compare::{Comparison, Relation, compare, new_access};
pub use dead::{Dead, Looked, Part, dead, parts};
pub use granted::granted;
pub use law::{LAWS, Law, Tier};
pub use line::line;
pub use options::{Options, Undocumented};
pub use public::public;
pub use settle::Laws;
pub use verdict::{Disagreement, Verdict};
