//! What AWS may do as well, where its documentation settles nothing.

use super::{Case, Notes};

/// The rows that a decision on a given request may rest on, each with what AWS may do instead. A decision can be taken so: see
/// [`crate::Context::decide_otherwise`]. The other rows are about what a request carries, or change no verdict.
pub static OTHERWISE: &[(Case, &str)] = &[
    (Case::MultivaluedPlain, "the condition comes out the other way"),
    (Case::ForAnyIfExists, "the condition does not hold"),
    (Case::OtherType, "the value counts as another one, so that a negated operator holds"),
    (Case::NullEmptyText, "the key counts as missing"),
    (Case::NullEmptySet, "the key counts as present"),
    (Case::MultivaluedVariable, "the variable has the first of the values"),
    (Case::VariableWildcard, "they are wildcards"),
    (Case::NotResourceVariable, "the item stands for no resource, and the others count"),
    (Case::EarlyVariable, "the item stands for no resource"),
    (Case::BoolVariable, "it is plain text"),
    (Case::TruthLetters, "the value is neither true nor false"),
    (Case::InnerStar, "it crosses the colon"),
    (Case::EveryoneUnlimited, "the boundary or the session policy has to allow as well"),
    (Case::TrustUserLimited, "the boundary does not limit"),
    (Case::BucketsOnStar, "the statement does not match"),
    (Case::NotPrincipalAllow, "the statement matches"),
    (Case::NotPrincipalPart, "the statement does not deny"),
    (Case::CanonicalUser, "an Allow reaches the caller, a Deny does not; as NotPrincipal it spares the caller"),
    (Case::ActionWithoutService, "the pattern covers no action"),
    (Case::NoValues, "the condition comes out the other way"),
    (Case::YearOrSeconds, "it is a year"),
    (Case::RolePath, "the role has another path than the one that the policy asks for, and may be service-linked"),
    (Case::OpenBehindEndpoint, "the request is allowed"),
    (Case::OutsideAnonymous, "the service does not refuse it"),
    (Case::ReservedRole, "the service does not refuse it"),
    (Case::FileSystemWithoutPolicy, "the request is allowed"),
    (Case::QueuePolicyAndRoot, "the queue policy counts"),
    (Case::DescribeSharedStream, "the service does not refuse it"),
    (Case::FunctionUrlConfiguration, "its Allow counts"),
    (Case::SendBulkEmail, "its Allow counts"),
    (Case::IncompleteArnElsewhere, "an Allow counts if one of the two readings makes it, a Deny only if both do"),
    (Case::OpenIncompleteArn, "an Allow counts if one of the two readings makes it, a Deny only if both do"),
    (Case::ServiceLinkedRolePolicies, "the service does not refuse it"),
];

/// Every set of some rows.
///
/// ```
/// use policy::undocumented::{Case, Notes, settings};
/// let rows = Notes::of(Case::OtherType);
/// assert_eq!(settings(rows).count(), 2);
/// ```
pub fn settings(rows: Notes) -> impl Iterator<Item = Notes> {
    let bits = rows.0;
    // The next subset, counting in the bits of the set alone.
    std::iter::successors(Some(0_u128), move |set| Some(set.wrapping_sub(bits) & bits).filter(|next| *next != 0))
        .map(Notes)
}
