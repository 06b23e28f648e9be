//! From a template to a scenario. Pure, but for the one way in which `matrix` reads a template, which comes in with the call.
//!
//! [`draft`] looks through a template: its statements with conditions on tags are put under test, as they are and in the
//! forms that people try instead; its own roles and users ask, with tags that match, with others and with none, for what the
//! statements are about. What comes out the same is folded away with a note. Every expectation is what the engine predicts,
//! and says so: it is `predicted` until a person confirms it with `tagproof review`. [`Judged`] tells of each statement
//! whether its condition tells anybody apart.

mod amend;
mod callers;
mod confirm;
mod draft;
mod expect;
mod forms;
mod judge;
mod names;
mod options;
mod page;
mod parameters;
mod place;
mod requests;
mod sample;
mod scenario;
mod settle;
mod subject;
mod survey;
mod yaml;

pub use confirm::confirmed;
pub use draft::{Draft, DraftError, Found, Order, draft};
pub use judge::{Instead, Judged, Reach, Verdict};
pub use names::slug;
pub use page::{json, page};
pub use settle::Reader;
