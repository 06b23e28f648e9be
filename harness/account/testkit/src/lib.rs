//! A small world for tests: one account, seeded ids, a clock that tests set.
#![expect(clippy::expect_used, clippy::panic, reason = "only tests use it")]

use std::sync::Arc;

use jiff::Timestamp;
use policy::Principal;
use serde_json::{Map, Value, json};

use account::ids::Seeded;
use account::operation::{OperationRow, When};
use account::{
    AccessKey, Call, Check, Fault, Identity, RecordedDecision, Services, Settings, Surroundings, Tracing, World,
};

/// The account that a [`Kit`] begins with.
pub const ACCOUNT: &str = "123456789012";
/// The account that [`Kit::with_other`] adds.
pub const OTHER: &str = "210987654321";
/// The region that calls are signed for.
pub const REGION: &str = "us-east-1";

/// A world, its clock and its source of ids.
pub struct Kit {
    /// The world.
    pub world: World,
    /// The time of the next call.
    pub now: Timestamp,
    /// Where new ids come from.
    pub ids: Seeded,
    /// What the network tells of the next call.
    pub surroundings: Surroundings,
    /// What was decided in the last call.
    pub decisions: Vec<RecordedDecision>,
}

/// The answer to a call.
pub type Answer = Result<Value, Fault>;

impl Kit {
    /// A world with these services.
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self {
            world: World::new(settings(ACCOUNT), services),
            now: "2026-11-24T08:00:00Z".parse().expect("a time"),
            ids: Seeded(7),
            surroundings: Surroundings {
                source_ip: Some([192, 0, 2, 1].into()),
                user_agent: Some("test".to_owned()),
                referer: None,
                secure: true,
                region: REGION.to_owned(),
                signing: None,
            },
            decisions: Vec::new(),
        }
    }

    /// The same with a second account.
    #[must_use]
    pub fn with_other(services: Services) -> Self {
        let mut kit = Self::new(services);
        kit.world.add_account(settings(OTHER));
        kit
    }

    /// Lets time pass.
    pub fn wait(&mut self, seconds: i64) {
        self.now = Timestamp::from_second(self.now.as_second() + seconds).expect("a time");
    }

    /// A call: `iam:CreateUser`.
    pub fn call(&mut self, who: &Arc<Identity>, operation: &str, input: Value) -> Answer {
        let (service, name) = operation.split_once(':').expect("service:Operation");
        let given = input.clone();
        self.held(who, operation, &given, |world, call| world.call(call, service, name, input))
    }

    /// A call that is made in a way of its own; what is decided in it must be what the row of its operation tells.
    pub fn held<T>(
        &mut self,
        who: &Arc<Identity>,
        operation: &str,
        input: &Value,
        make: impl FnOnce(&mut World, &mut Call<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let asked = self.row(operation).map(|row| asked(row, input.as_object().unwrap_or(&Map::new())));
        let answer = self.made(who, make);
        if let Some((always, sometimes)) = asked {
            let decided: Vec<_> = self.asked_actions(who).collect();
            let odd = decided.iter().find(|action| !always.contains(action) && !sometimes.contains(action));
            assert_eq!(odd, None, "{operation} is checked as that, which its row does not tell of such a request");
            let left = always.iter().find(|action| answer.is_ok() && !decided.contains(action));
            assert_eq!(left, None, "{operation} is not checked as that, which its row tells of such a request");
        }
        answer
    }

    fn row(&self, operation: &str) -> Option<&'static OperationRow> {
        self.world.services().iter().flat_map(|service| service.operations()).find(|row| row.name == operation)
    }

    /// The actions that were decided in the last call, but for what services asked for on behalf of the caller.
    fn asked_actions(&self, who: &Identity) -> impl Iterator<Item = &str> {
        let by_service = matches!(who, Identity::Service { .. });
        let of_caller =
            move |one: &&RecordedDecision| by_service == matches!(one.request.principal, Principal::Service { .. });
        self.decisions.iter().filter(of_caller).map(|one| one.request.action.as_str())
    }

    /// A call that is made in a way of its own.
    pub fn made<T>(&mut self, who: &Arc<Identity>, make: impl FnOnce(&mut World, &mut Call<'_>) -> T) -> T {
        self.decisions.clear();
        let mut call = Call {
            identity: Arc::clone(who),
            now: self.now,
            ids: &mut self.ids,
            surroundings: &self.surroundings,
            tracing: Tracing::Denials,
            decisions: &mut self.decisions,
        };
        make(&mut self.world, &mut call)
    }

    /// A call of the account's root user.
    pub fn as_root(&mut self, operation: &str, input: Value) -> Answer {
        self.call(&root(ACCOUNT), operation, input)
    }

    /// A call of the account's root user that must succeed.
    pub fn setup(&mut self, operation: &str, input: Value) -> Value {
        self.setup_in(ACCOUNT, operation, input)
    }

    /// A call of an account's root user that must succeed.
    pub fn setup_in(&mut self, account: &str, operation: &str, input: Value) -> Value {
        self.call(&root(account), operation, input).unwrap_or_else(|fault| panic!("{operation}: {fault}"))
    }

    /// A user with an inline policy of these statements.
    pub fn user(&mut self, name: &str, statements: Value) -> Arc<Identity> {
        let made = self.setup("iam:CreateUser", json!({ "UserName": name }));
        if statements != json!([]) {
            let policy = json!({ "UserName": name, "PolicyName": "p", "PolicyDocument": document(statements) });
            self.setup("iam:PutUserPolicy", policy);
        }
        user(ACCOUNT, &made)
    }

    /// A role with a trust policy and an inline policy of these statements; gives its ARN.
    pub fn role(&mut self, name: &str, trust: Value, statements: Value) -> String {
        self.role_in(ACCOUNT, name, trust, statements)
    }

    /// The same in another account.
    pub fn role_in(&mut self, account: &str, name: &str, trust: Value, statements: Value) -> String {
        let role = json!({ "RoleName": name, "AssumeRolePolicyDocument": document(trust) });
        let made = self.setup_in(account, "iam:CreateRole", role);
        if statements != json!([]) {
            let policy = json!({ "RoleName": name, "PolicyName": "p", "PolicyDocument": document(statements) });
            self.setup_in(account, "iam:PutRolePolicy", policy);
        }
        made["Role"]["Arn"].as_str().expect("an ARN").to_owned()
    }

    /// Tags a role: `[("Status", "OK")]`.
    pub fn tag_role(&mut self, name: &str, tags: &[(&str, &str)]) {
        let tags: Vec<Value> = tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
        self.setup("iam:TagRole", json!({ "RoleName": name, "Tags": tags }));
    }

    /// The principal tags of a session, as policies see them: sorted by key.
    #[must_use]
    pub fn principal_tags(&self, who: &Arc<Identity>) -> Vec<(String, String)> {
        let mut call = Call {
            identity: Arc::clone(who),
            now: self.now,
            ids: &mut Seeded(0),
            surroundings: &self.surroundings,
            tracing: Tracing::Denials,
            decisions: &mut Vec::new(),
        };
        // Whatever is decided, the request has the context.
        let _ = self.world.authorize(&mut call, Check::new("ecs:ListClusters", "*"));
        let context = &call.decisions[0].request.context;
        let tag = |(key, value): (&str, &policy::ContextValue)| match value {
            policy::ContextValue::One(value) => {
                Some((key.strip_prefix("aws:PrincipalTag/")?.to_owned(), value.clone()))
            }
            policy::ContextValue::Many(_) => None,
        };
        let mut tags: Vec<_> = context.iter().filter_map(tag).collect();
        tags.sort();
        tags
    }

    /// Whose credentials an STS answer holds.
    #[must_use]
    pub fn identity(&self, answer: &Value) -> Arc<Identity> {
        let key = answer["Credentials"]["AccessKeyId"].as_str().expect("credentials");
        Arc::clone(&self.world.credentials().get(key).expect("known credentials").identity)
    }
}

/// The actions that a row tells of a request with this input, and those that it leaves open.
fn asked(row: &OperationRow, input: &Map<String, Value>) -> (Vec<&'static str>, Vec<&'static str>) {
    let open = row.checks().into_iter().filter(|asked| asked.when == When::Depends).map(|asked| asked.action);
    (row.asked(input).collect(), open.collect())
}

/// An account's root user.
#[must_use]
pub fn root(account: &str) -> Arc<Identity> {
    Arc::new(Identity::Root { account: account.to_owned() })
}

/// The user that CreateUser has made.
#[must_use]
pub fn user(account: &str, made: &Value) -> Arc<Identity> {
    let id = made["User"]["UserId"].as_str().expect("an id").to_owned();
    Arc::new(Identity::User { account: account.to_owned(), id })
}

/// A policy document of these statements.
#[must_use]
pub fn document(statements: Value) -> String {
    json!({ "Version": "2012-10-17", "Statement": statements }).to_string()
}

/// A statement that allows actions on everything.
#[must_use]
pub fn allow(actions: &[&str]) -> Value {
    json!({ "Effect": "Allow", "Action": actions, "Resource": "*" })
}

/// The id of an account's root user's access key.
#[must_use]
pub fn root_key(account: &str) -> String {
    format!("AKIAROOT{account}")
}

/// An account with a root user.
#[must_use]
pub fn settings(account: &str) -> Settings {
    let key = AccessKey { id: root_key(account), secret: "secret".to_owned() };
    Settings { account: account.to_owned(), root: key }
}
