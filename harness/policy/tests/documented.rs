//! Every worked example of AWS's guides that states an outcome, decided.
//!
//! The cases stand in `documented/`, one file for each page. They say what the page says; the engine has no say in
//! them. A file is a page, policies by name, and cases; a case with `rows` is a table, whose rows change the request and
//! give an outcome each. Principals, requests and policies have the shape of the simulation format.

#![expect(clippy::disallowed_methods, reason = "tests read their cases from files")]

#[path = "documented/file.rs"]
mod file;

use std::path::Path;
use std::sync::Arc;

use policy::{Context, Decision, Document, Kind, NoVocabulary, Policies, Policy, Principal, Request, decide, explain};

use file::{Attached, Attachment, File, Row};

const LEAST: usize = 250;

#[test]
fn every_documented_case_is_decided_as_its_page_says() {
    let mut told = Vec::new();
    let mut settled = 0;
    for path in files() {
        match file::read(&path) {
            Ok(file) => settled += judge_all(&file, &mut told),
            Err(problems) => told.extend(problems),
        }
    }
    assert!(told.is_empty(), "{} failed:\n\n{}\n", told.len(), told.join("\n\n"));
    assert!(settled >= LEAST, "{settled} documented cases, of at least {LEAST}");
}

/// A slip of the pen must not make a case pass over in silence.
#[test]
fn a_file_with_a_mistake_is_refused() {
    let page = "page: https://docs.aws.amazon.com/IAM/latest/UserGuide/x.html\n";
    let request = "request: {principal: anonymous, action: s3:GetObject, resource: '*'}";
    for (rest, told) in [
        ("cases: []", "there is no case"),
        ("cases: [{name: a, says: b, decison: Allowed}]", "unknown field `decison`"),
        ("cases: [{name: a, says: b, policies: {identities: []}, decision: Allowed}]", "unknown field `identities`"),
        ("cases: [{name: a, says: b, request: {who: x}, decision: Allowed}]", "unknown field `who`"),
        (&format!("cases: [{{name: a, says: b, {request}}}]"), "`a` needs either a decision or rows"),
        (&format!("cases: [{{name: a, says: '', {request}, decision: Allowed}}]"), "does not tell what its page says"),
        (
            &format!("policies: {{p: {{}}}}\ncases: [{{name: a, says: b, {request}, decision: Allowed}}]"),
            "the policy `p`",
        ),
        (&format!("cases: [{{page: http://x, name: a, says: b, {request}, decision: Allowed}}]"), "is not a page"),
    ] {
        let problems = file::parse("f", &format!("{page}{rest}\n")).err().unwrap_or_default().join("; ");
        assert!(problems.contains(told), "{rest}: {problems}");
    }
}

#[test]
fn a_case_that_differs_is_told_with_its_page_and_reason() {
    let text = "page: https://docs.aws.amazon.com/IAM/latest/UserGuide/x.html
cases:
- name: a
  says: b
  policies: {identity: [{Version: 2012-10-17, Statement: {Effect: Allow, Action: '*', Resource: '*'}}]}
  request: {principal: 'arn:aws:iam::111122223333:user/ann', action: s3:GetObject, resource: '*'}
  rows:
  - {decision: Allowed, by: [identity]}
  - {decision: ImplicitlyDenied}
  - {decision: Allowed, by: [resource]}
  - {decision: Allowed, notes: [four-digits-as-a-date]}
";
    let file = file::parse("f.yaml", text).unwrap_or_else(|problems| panic!("{problems:?}"));
    let mut told = Vec::new();
    assert_eq!(judge_all(&file, &mut told), 4);
    assert_eq!(told.len(), 3);
    for part in [
        "f.yaml › a › row 2",
        "UserGuide/x.html",
        "expected ImplicitlyDenied",
        "got      Allowed by",
        "allowed by statement",
    ] {
        assert!(told[0].contains(part), "{}", told[0]);
    }
}

/// Rows that need no request of their own here: the one is for what builds requests, the others need what is in none.
const NOT_DECIDED: [&str; 3] = ["no-resource-account", "s3-initiator-lists-parts", "s3-initiator-stops-upload"];

/// The whole table: for each row a request that it decides, and one beside it that it does not.
#[test]
fn every_fact_decides_its_case_and_not_its_neighbour() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documented/service-facts.yaml");
    let file = file::read(&path).unwrap_or_else(|problems| panic!("{problems:?}"));
    for fact in policy::facts::rows().filter(|fact| !NOT_DECIDED.contains(&fact.id)) {
        let cases = file.rows.iter().filter(|row| row.case.starts_with(fact.id));
        let (by_it, beside): (Vec<_>, Vec<_>) = cases.partition(|row| row.fact.as_deref() == Some(fact.id));
        assert!(!by_it.is_empty() && !beside.is_empty(), "{} needs a case, and one beside it", fact.id);
        for row in beside {
            let (policies, request) = (attached(&file, &row.policies).unwrap(), request(row).unwrap());
            assert_ne!(decide(&policies, &request).fact, Some(fact), "{}", row.name);
        }
    }
}

fn files() -> Vec<std::path::PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documented");
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|end| end == "yaml")).collect();
    files.sort();
    files
}

/// How many cases of a file AWS's pages agree on; what fails goes to `told`.
fn judge_all(file: &File, told: &mut Vec<String>) -> usize {
    for row in &file.rows {
        if let Err(problem) = judge(file, row) {
            told.push(format!("{} › {}\n  {}\n  {problem}", file.name, row.name, row.page));
        }
    }
    file.rows.iter().filter(|row| !row.contradicted).count()
}

fn judge(file: &File, row: &Row) -> Result<(), String> {
    let policies = attached(file, &row.policies)?;
    let request = request(row)?;
    let plain = decide(&policies, &request);
    let explained = explain(&policies, &request, &NoVocabulary);
    if summary(&plain) != summary(&explained) {
        return Err(format!("decide says {}, explain says {}", summary(&plain), summary(&explained)));
    }
    let reason = explained.reason(&request);
    if reason.is_empty() {
        return Err("there is no reason".to_owned());
    }
    let by: Vec<_> = plain.by.iter().map(Kind::name).collect();
    let notes: Vec<_> = plain.notes.iter().map(|row| row.id).collect();
    let fact = plain.fact.map(|fact| fact.id);
    if row.fact.is_some() && row.fact.as_deref() != fact {
        return Err(format!("expected the fact {:?}\n  got      {fact:?}: {reason}", row.fact));
    }
    let same = format!("{:?}", plain.verdict) == row.decision
        && row.by.as_ref().is_none_or(|wanted| *wanted == by)
        && row.notes == notes;
    if same {
        return Ok(());
    }
    let wanted = format!("{} by {:?}, resting on {:?}", row.decision, row.by.as_deref().unwrap_or_default(), row.notes);
    Err(format!("expected {wanted}\n  got      {}\n  {}", summary(&plain), reason))
}

fn request(row: &Row) -> Result<Request, String> {
    Ok(Request {
        principal: principal(&row.request.principal)?,
        action: row.request.action.clone(),
        resource: row.request.resource.clone(),
        resource_account: row.request.resource_account.clone(),
        context: context(row),
    })
}

fn summary(decision: &Decision) -> String {
    let by: Vec<_> = decision.by.iter().map(Kind::name).collect();
    let notes: Vec<_> = decision.notes.iter().map(|row| row.id).collect();
    format!("{:?} by {by:?}, resting on {notes:?}", decision.verdict)
}

fn context(row: &Row) -> Context {
    let mut context = Context::new();
    for (key, value) in &row.request.context {
        match value {
            file::Values::One(value) => context.set(key, value.text()),
            file::Values::Many(values) => context.set_many(key, values.iter().map(file::Scalar::text)),
        }
    }
    context
}

fn attached(file: &File, attached: &Attached) -> Result<Policies, String> {
    let all =
        |kind, list: &[Attachment]| list.iter().map(|one| compiled(file, kind, one)).collect::<Result<Vec<_>, _>>();
    let levels =
        |kind, levels: &[Vec<Attachment>]| levels.iter().map(|level| all(kind, level)).collect::<Result<_, _>>();
    let one = |kind, one: &Option<Attachment>| one.as_ref().map(|one| compiled(file, kind, one)).transpose();
    let first = |kind, list: &[Attachment]| all(kind, list).map(|found| found.into_iter().next());
    if attached.boundary.len() > 1 || attached.endpoint.len() > 1 {
        return Err("there is one permissions boundary and one endpoint policy at most".to_owned());
    }
    if attached.resource.is_some() && attached.trust.is_some() {
        return Err("a trust policy is the policy of its role: there is no second one".to_owned());
    }
    Ok(Policies {
        identity: all(Kind::Identity, &attached.identity)?,
        resource: one(Kind::Resource, &attached.resource)?.or(one(Kind::Trust, &attached.trust)?),
        boundary: first(Kind::Boundary, &attached.boundary)?,
        session: attached.session.as_ref().map(|list| all(Kind::Session, list)).transpose()?,
        service_control: levels(Kind::ServiceControl, &attached.scp)?,
        resource_control: levels(Kind::ResourceControl, &attached.rcp)?,
        endpoint: first(Kind::Endpoint, &attached.endpoint)?,
    })
}

fn compiled(file: &File, kind: Kind, attachment: &Attachment) -> Result<Arc<Policy>, String> {
    let (name, written) = match attachment {
        Attachment::Name(name) => {
            (name.as_str(), file.policies.get(name).ok_or_else(|| format!("no policy `{name}`"))?)
        }
        Attachment::Written(written) => ("inline", written),
    };
    let (document, findings) = Document::read_json(&written.to_string(), kind);
    let errors: Vec<_> =
        findings.iter().filter(|finding| finding.is_error()).map(|finding| &*finding.message).collect();
    match document {
        Some(document) if errors.is_empty() => Ok(Arc::new(Policy::new(name, kind, &document))),
        _ => Err(format!("the policy `{name}` as {kind}: {}", errors.join("; "))),
    }
}

/// `anonymous`, an ARN, an identity provider or a service.
fn principal(written: &file::Caller) -> Result<Principal, String> {
    let text = match written {
        file::Caller::Name(text) => text,
        file::Caller::Federated { federated } => return Ok(Principal::Federated { provider: federated.clone() }),
        file::Caller::Role { role, session } => {
            return Ok(Principal::RoleSession { role: Some(role.clone()), session: session.clone() });
        }
        file::Caller::FederatedUser { session, user } => {
            return Ok(Principal::FederatedUser { arn: session.clone(), user: Some(user.clone()) });
        }
    };
    if text == "anonymous" {
        return Ok(Principal::Anonymous);
    }
    let Some(arn) = policy::arn::Arn::parse(text) else { return Ok(Principal::Service { name: text.clone() }) };
    let account = arn.account;
    match arn.resource.split('/').collect::<Vec<_>>().as_slice() {
        ["root"] => Ok(Principal::Root { partition: arn.partition.to_owned(), account: account.to_owned() }),
        ["user", ..] => Ok(Principal::User { arn: text.clone() }),
        ["federated-user", _] => Ok(Principal::FederatedUser { arn: text.clone(), user: None }),
        ["saml-provider" | "oidc-provider", ..] => Ok(Principal::Federated { provider: text.clone() }),
        ["assumed-role", _, _] => Ok(Principal::RoleSession { role: None, session: text.clone() }),
        _ => Err(format!("`{text}` is no caller")),
    }
}
