//! The account and `simulate` decide every case of the table `policy::facts` alike, and as the engine's own tests do.

#[expect(dead_code, reason = "the engine's tests read more of a case")]
#[path = "../../../policy/tests/documented/file.rs"]
mod file;
mod line;

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use account::{Check, Endpoint, Identity, Levels, Organization, Session, SessionKind, Tags, Tracing, World};
use policy::arn::Arn;
use policy::facts::Rule;
use policy::{Document, Kind, Policy};
use serde_json::{Value, json};
use testkit::{Kit, settings};

use file::{Attachment, Caller, File, Row};

/// What one of the two cannot be asked.
const EXCUSED: [(&str, &str); 2] = [
    ("iam-aws-managed-policy › row 2", "the account is one of the partition `aws`"),
    ("iam-reserved-role › row 2", "a line of simulate has no path of a session's role"),
];

/// A verdict and the fact that it rests on.
type VerdictAndFact = (String, Option<String>);

#[test]
fn the_account_and_simulate_agree_on_every_fact() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policy/tests/documented/service-facts.yaml");
    let file = file::read(&path).unwrap_or_else(|problems| panic!("{problems:?}"));
    let lines = line::answers(&file);
    let mut excused = Vec::new();
    let mut facts = BTreeSet::new();
    for row in &file.rows {
        let expected = |fact: &Option<String>| (row.decision.clone(), row.fact.as_ref().or(fact.as_ref()).cloned());
        let of_account = in_account(&file, row).map(|asked| asked.decided());
        let of_simulate = lines.get(&row.name).cloned().ok_or("a line of simulate has no path of a session's role");
        for told in [&of_account, &of_simulate] {
            match told {
                Ok(told) => assert_eq!(*told, expected(&told.1), "{}", row.name),
                Err(why) => excused.push((row.name.as_str(), *why)),
            }
        }
        if let (Ok(account), Ok(simulate)) = (of_account, of_simulate) {
            assert_eq!(account, simulate, "{}: the account, and simulate", row.name);
            facts.extend(account.1);
        }
    }
    assert_eq!(excused, EXCUSED);
    // The others are for the one who builds a request.
    let in_requests = policy::facts::rows().filter(|fact| !matches!(fact.rule, Rule::Told | Rule::NoResourceAccount));
    let missing: Vec<_> = in_requests.map(|fact| fact.id).filter(|id| !facts.contains(*id)).collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}

/// A check, the caller who asks it, and the world that answers.
struct AccountCheck {
    kit: Kit,
    who: Arc<Identity>,
    check: Check,
}

impl AccountCheck {
    fn decided(mut self) -> VerdictAndFact {
        let Self { kit, who, check } = &mut self;
        let mut decisions = Vec::new();
        let mut call = account::Call {
            identity: Arc::clone(who),
            now: kit.now,
            ids: &mut kit.ids,
            surroundings: &kit.surroundings,
            tracing: Tracing::Denials,
            decisions: &mut decisions,
        };
        let _ = kit.world.authorize(&mut call, check.clone());
        let decision = &decisions[0].decision;
        (format!("{:?}", decision.verdict), decision.fact.map(|fact| fact.id.to_owned()))
    }
}

fn in_account(file: &File, row: &Row) -> Result<AccountCheck, &'static str> {
    let attached = &row.policies;
    assert!(attached.boundary.is_empty() && attached.endpoint.len() <= 1, "{}: not expressed here", row.name);
    let mut kit = Kit::new(services::ALL);
    let who = Arc::new(identity(&mut kit, file, row)?);
    surround(&mut kit.world, file, row, who.account());

    let asked = &row.request;
    let mut check = Check::new(asked.action.clone().leak(), &asked.resource);
    check.owner.clone_from(&asked.resource_account);
    let own = attached.resource.as_ref().map(|one| (Kind::Resource, one));
    let own = own.or(attached.trust.as_ref().map(|one| (Kind::Trust, one)));
    check.resource_policy = own.map(|(kind, one)| compiled(file, kind, one));
    Ok(AccountCheck { kit, who, check })
}

/// The caller, made with all that is attached to it. To root users and callers without an account nothing can be
/// attached: what a case attaches to them must not count, and is left out.
fn identity(kit: &mut Kit, file: &File, row: &Row) -> Result<Identity, &'static str> {
    let (text, path_of) = match &row.request.principal {
        Caller::Name(text) => (text, None),
        Caller::Role { role, session } => (session, Some(role)),
        Caller::Federated { .. } | Caller::FederatedUser { .. } => panic!("{}: not expressed here", row.name),
    };
    if text == "anonymous" {
        return Ok(Identity::Anonymous);
    }
    let Some(arn) = Arn::parse(text) else {
        return Ok(Identity::Service { name: text.clone(), source_arn: None, source_account: None });
    };
    if arn.partition != "aws" {
        return Err("the account is one of the partition `aws`");
    }
    let account = arn.account.to_owned();
    kit.world.add_account(settings(&account));
    let session = |kit: &Kit, kind, user_id: &str| {
        let documents = row.policies.session.as_ref();
        Identity::Session(Arc::new(Session {
            account: account.clone(),
            kind,
            arn: text.clone(),
            user_id: user_id.to_owned(),
            policies: documents.map(|all| all.iter().map(|one| compiled(file, Kind::Session, one)).collect()),
            tags: Tags::default(),
            transitive: Vec::new(),
            source_identity: None,
            issued: kit.now,
            mfa: tells(row, "aws:MultiFactorAuthPresent").as_deref() == Some("true"),
        }))
    };
    let is_temporary = tells(row, "aws:TokenIssueTime").is_some();
    Ok(match *arn.resource.split('/').collect::<Vec<_>>() {
        ["root"] if is_temporary => session(kit, SessionKind::Root, &account),
        ["root"] => Identity::Root { account },
        ["user", name] => {
            let id = principal(kit, file, row, &Named { account: &account, of: "User", name });
            match is_temporary {
                true => session(kit, SessionKind::User { id: id.clone() }, &id),
                false => Identity::User { account, id },
            }
        }
        ["federated-user", name] => {
            let user = principal(kit, file, row, &Named { account: &account, of: "User", name: "maker" });
            let kind = SessionKind::Federated { user: Some(user) };
            session(kit, kind, &format!("{account}:{name}"))
        }
        ["assumed-role", name, session_name] => {
            let id = principal(kit, file, row, &Named { account: &account, of: "Role", name });
            let arn = path_of.cloned().unwrap_or_else(|| format!("arn:aws:iam::{account}:role/{name}"));
            let kind = SessionKind::Role { name: name.to_owned(), id: id.clone(), arn };
            session(kit, kind, &format!("{id}:{session_name}"))
        }
        _ => panic!("{}: `{text}` is no caller", row.name),
    })
}

/// A user or a role.
struct Named<'a> {
    account: &'a str,
    /// `User` or `Role`
    of: &'a str,
    name: &'a str,
}

/// Makes a user or a role with the identity-based policies of a case; gives its unique id.
fn principal(kit: &mut Kit, file: &File, row: &Row, named: &Named<'_>) -> String {
    let Named { account, of: kind, name } = named;
    let named = format!("{kind}Name");
    let mut input = json!({ &named: name });
    if *kind == "Role" {
        let trust =
            json!({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"});
        input["AssumeRolePolicyDocument"] = json!(testkit::document(trust));
    }
    let made = kit.setup_in(account, &format!("iam:Create{kind}"), input);
    for (at, one) in row.policies.identity.iter().enumerate() {
        let document = written(file, one).to_string();
        let input = json!({ &named: name, "PolicyName": format!("p{at}"), "PolicyDocument": document });
        kit.setup_in(account, &format!("iam:Put{kind}Policy"), input);
    }
    made[*kind][format!("{kind}Id")].as_str().unwrap().to_owned()
}

/// Puts the caller's account and the resource's under the organisation's policies, and the endpoint in between.
fn surround(world: &mut World, file: &File, row: &Row, account: Option<&str>) {
    let attached = &row.policies;
    let levels = |kind, all: &[Vec<Attachment>]| {
        let level = |level: &Vec<_>| level.iter().map(|one| compiled(file, kind, one)).collect();
        all.iter().map(level).collect::<Vec<Vec<_>>>()
    };
    let service_control = levels(Kind::ServiceControl, &attached.scp);
    let resource_control = levels(Kind::ResourceControl, &attached.rcp);
    if let Some(account) = account.filter(|_| !service_control.is_empty() || !resource_control.is_empty()) {
        let members = HashMap::from([(account.to_owned(), Levels { service_control, resource_control, path: None })]);
        world.set_organization(Organization { id: "o-1".to_owned(), management: None, members });
    }
    if let Some(one) = attached.endpoint.first() {
        let service = row.request.action.split(':').next().unwrap_or_default();
        world.set_endpoint(
            service,
            Endpoint {
                id: "vpce-1".to_owned(),
                vpc: "vpc-1".to_owned(),
                account: "111122223333".to_owned(),
                policy: compiled(file, Kind::Endpoint, one),
            },
        );
    }
}

fn tells(row: &Row, key: &str) -> Option<String> {
    match row.request.context.get(key)? {
        file::Values::One(one) => Some(one.text()),
        file::Values::Many(_) => None,
    }
}

fn written<'a>(file: &'a File, one: &'a Attachment) -> &'a Value {
    match one {
        Attachment::Name(name) => &file.policies[name],
        Attachment::Written(written) => written,
    }
}

fn compiled(file: &File, kind: Kind, one: &Attachment) -> Arc<Policy> {
    let (document, _) = Document::read_json(&written(file, one).to_string(), kind);
    Arc::new(Policy::new("p", kind, &document.unwrap()))
}
