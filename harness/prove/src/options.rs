//! How a question is answered.

use crate::Budget;

/// How a question is answered.
///
/// ```
/// use prove::{Budget, Options, Undocumented};
///
/// let strict = Options { undocumented: Undocumented::Open, ..Options::default() };
/// let quick = Options { budget: Budget::new(1_000), ..Options::default() };
/// ```
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How much may be tried, in each direction of a comparison.
    pub budget: Budget,
    /// What is taken for settled where AWS's documentation settles nothing.
    pub undocumented: Undocumented,
}

/// What is taken for settled where AWS's documentation is silent or contradicts itself: of each row of
/// [`policy::undocumented::ROWS`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Undocumented {
    /// What the row says. The answer names the rows that it rests on.
    #[default]
    AsDecided,
    /// Nothing: a proof holds and a request shows what it shows, however AWS decides. An answer that would depend on a row is
    /// undecided, and names the row.
    Open,
}
