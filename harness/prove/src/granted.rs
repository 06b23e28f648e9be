//! Whether documents by themselves allow some of an access, as AWS's CheckAccessNotGranted asks.
//! docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckAccessNotGranted.html

use std::sync::Arc;

use policy::{Policy, Principal, Request, Verdict as Decided, decide_alone};

use crate::compare::{allow, allowed};
use crate::encode::Statements;
use crate::readable::readable;
use crate::settle::{Heard, settle, settled};
use crate::space::Space;
use crate::{Disagreement, Options, Verdict};
use policy::view::GrantView;

/// Whether documents of one kind together allow a request that `access` allows: a policy of the kind
/// [`policy::Kind::Identity`] that lists actions and resources.
///
/// ```
/// use std::sync::Arc;
/// use policy::{Document, Kind, Policy};
/// use prove::{Options, Verdict, granted};
///
/// let policy = |statement: &str| {
///     let document = Document::read_json(&format!(r#"{{"Statement": {statement}}}"#), Kind::Identity).0.unwrap();
///     Arc::new(Policy::new("p", Kind::Identity, &document))
/// };
/// let written = policy(r#"{"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*"}"#);
/// let access = policy(r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}"#);
/// let found = granted(&[written], &access, &Options::default()).unwrap();
/// assert!(matches!(found, Verdict::Found { .. }));
/// ```
///
/// # Errors
///
/// If the engine contradicts a request that was found, or a proof.
pub fn granted(documents: &[Arc<Policy>], access: &Arc<Policy>, options: &Options) -> Result<Verdict, Disagreement> {
    granted_to(documents, access, None, options)
        .map(|verdict| readable(verdict, true, &|request| asked(documents, access, request)))
}

/// The same for some callers; `None`: for all that the documents can tell apart.
pub(crate) fn granted_to(
    documents: &[Arc<Policy>],
    access: &Arc<Policy>,
    callers: Option<&[Principal]>,
    options: &Options,
) -> Result<Verdict, Disagreement> {
    let policies = || documents.iter().chain([access]).map(|policy| &**policy);
    let engine = |request: &Request| asked(documents, access, request);
    let mut budget = options.budget.clone();
    settled(|values| {
        let mut space = Space::of(policies(), values);
        if let Some(callers) = callers {
            space.callers = callers.to_vec();
        }
        let allowed = allowed(&mut space, documents);
        let said = Statements::new(&mut space, access).said(&mut space);
        let in_access = said.allows(GrantView::Delegated);
        let wanted = space.formulas.all([allowed, in_access]);
        settle(&mut space, wanted, &engine, options.undocumented, &mut budget)
    })
}

/// Whether the documents and the access allow a request, by the engine.
pub(crate) fn asked(documents: &[Arc<Policy>], access: &Arc<Policy>, request: &Request) -> Heard {
    let mut heard = allow(documents, request);
    let in_access = decide_alone(access, request);
    heard.is_so &= in_access.verdict == Decided::Allowed;
    heard.rows.merge(in_access.notes);
    heard
}
