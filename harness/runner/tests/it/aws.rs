//! Runs in a real account, for which the account of this repository stands in: it is reached as AWS is, and has its own
//! number, region and belongings.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use account::ids::Seeded;
use account::{AccessKey, Call, Identity, Settings, Surroundings, Tracing};
use jiff::Timestamp;
use matrix::{Fidelity, Prepared, Results};
use runner::{Aws, AwsError, Emulator, Event, On, RunError, Stop, Watch};
use serde_json::{Value, json};
use wire::{Hosted, Hosting, Server};

use crate::kit::{changed, disagreements, loaded};

const ACCOUNT: &str = "111122223333";
const CHANCE: [u8; 8] = [0, 1, 2, 3, 4, 5, 6, 7];

/// An account that somebody uses.
struct UsedAccount {
    server: Server,
    hosted: Arc<Hosted>,
    region: &'static str,
}

impl UsedAccount {
    async fn new(region: &'static str) -> Self {
        let server = Server::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.unwrap();
        let root = AccessKey { id: "test".to_owned(), secret: "test".to_owned() };
        let settings = Settings { account: ACCOUNT.to_owned(), root };
        let hosted = server.host(settings, Hosting { tracing: Tracing::Denials, log: None, upstream: None });
        let used = Self { server, hosted, region };
        // What the scenarios name is there already, and things with names such as runs give, without the run's tag; one of
        // them with this run's own name.
        used.bucket("esolang-worker");
        used.s3("PutObject", json!({"Bucket": "esolang-worker", "Key": "0123456789/code"}));
        used.bucket("tagproof-zzzzzzzz-0-mine");
        for name in ["ecs-test-task-role", "tagproof-zzzzzzzz-0-mine", "tagproof-abcdefgh-9876-mine"] {
            let trust =
                json!({"Statement": {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}});
            used.call("iam", "CreateRole", json!({"RoleName": name, "AssumeRolePolicyDocument": trust.to_string()}));
        }
        let other = json!([{"Key": "tagproof:run", "Value": "another0"}]);
        used.call("iam", "CreateUser", json!({"UserName": "tagproof-zzzzzzzz-0-anchor", "Tags": other}));
        used.call("iam", "CreateGroup", json!({"GroupName": "tagproof-zzzzzzzz-0-mine"}));
        used
    }

    /// As the SDKs find it, without a word of this process's own environment.
    async fn found(&self, own: &str) -> Result<Aws, AwsError> {
        let url = self.server.url();
        let environment = [
            ("AWS_ENDPOINT_URL", url.as_str()),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_REGION", self.region),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ];
        Aws::find(Some(&environment), own).await
    }

    async fn run(&self, prepared: &Prepared, watch: Watch, stop: &Stop) -> Result<Results, RunError> {
        let emulator = Emulator::aws(self.found(ACCOUNT).await.unwrap(), CHANCE);
        runner::run(prepared, On::Bare(&emulator), watch, stop).await
    }

    /// All that the account holds.
    fn held(&self) -> Vec<Value> {
        let families = self.call("ecs", "ListTaskDefinitions", json!({}));
        vec![
            self.call("iam", "GetAccountAuthorizationDetails", json!({"MaxItems": 1000})),
            self.call("iam", "ListInstanceProfiles", json!({})),
            self.s3("ListBuckets", json!({})),
            self.s3("ListObjectsV2", json!({"Bucket": "esolang-worker"})),
            families,
            self.call("ecs", "ListClusters", json!({})),
            self.call("logs", "DescribeLogGroups", json!({})),
        ]
    }

    fn bucket(&self, name: &str) {
        let elsewhere = json!({"LocationConstraint": self.region});
        let configuration = if self.region == "us-east-1" { json!({}) } else { elsewhere };
        self.s3("CreateBucket", json!({"Bucket": name, "CreateBucketConfiguration": configuration}));
    }

    /// Everybody's access keys, as user and key id.
    fn keys(&self) -> Vec<(String, String)> {
        let users = self.now("ListUsers", json!({}))["Users"].clone();
        let users = users.as_array().into_iter().flatten().filter_map(|user| user["UserName"].as_str());
        let of = |user: &str| {
            let keys = self.now("ListAccessKeys", json!({"UserName": user}))["AccessKeyMetadata"].clone();
            let ids = keys.as_array().into_iter().flatten().filter_map(|key| key["AccessKeyId"].as_str());
            ids.map(|id| (user.to_owned(), id.to_owned())).collect::<Vec<_>>()
        };
        users.flat_map(of).collect()
    }

    /// Switches a key on or off.
    fn switch(&self, user: &str, key: &str, status: &str) {
        self.now("UpdateAccessKey", json!({"UserName": user, "AccessKeyId": key, "Status": status}));
    }

    /// Asks IAM in the middle of a run, where what it is about may be gone by now.
    fn now(&self, operation: &str, input: Value) -> Value {
        self.asked(|world, call| world.call(call, "iam", operation, input).unwrap_or_default())
    }

    fn call(&self, service: &str, operation: &str, input: Value) -> Value {
        self.asked(|world, call| world.call(call, service, operation, input).unwrap())
    }

    fn s3(&self, operation: &str, input: Value) -> Value {
        let request = s3::Request::from_input(operation, input, "content".into()).unwrap();
        self.asked(|world, call| Value::Object(s3::call(world, call, &request).unwrap().members))
    }

    fn asked(&self, ask: impl FnOnce(&mut account::World, &mut Call<'_>) -> Value) -> Value {
        let surroundings = Surroundings::unknown(self.region);
        let (mut ids, mut decisions) = (Seeded(7), Vec::new());
        let mut call = Call {
            identity: Arc::new(Identity::Root { account: ACCOUNT.to_owned() }),
            now: Timestamp::from_second(1_767_225_600).unwrap(),
            ids: &mut ids,
            surroundings: &surroundings,
            tracing: Tracing::Denials,
            decisions: &mut decisions,
        };
        self.hosted.with(|world| ask(world, &mut call))
    }
}

fn nobody() -> Watch {
    Arc::new(|_| ())
}

fn of_repository(name: &str) -> Prepared {
    matrix::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").join(name)).unwrap()
}

/// Runs a scenario: every cell that can be asked is as documented, so many cannot, and the account is as it was.
async fn check(region: &'static str, prepared: &Prepared, unsupported: usize) -> Results {
    let used = UsedAccount::new(region).await;
    let before = used.held();
    let results = used.run(prepared, nobody(), &Stop::default()).await.unwrap();
    let name = &prepared.name;
    let wrong: Vec<_> = disagreements(&results).into_iter().filter(|line| !line.contains("Unsupported {")).collect();
    assert_eq!(wrong, Vec::<String>::new(), "{name}");
    assert_eq!(results.count(Fidelity::Unsupported), unsupported, "{name}");
    assert_eq!(results.count(Fidelity::Match), results.cells.len() - unsupported, "{name}");
    assert!(results.bare.as_ref().unwrap().trusted(), "{name}: {:?}", results.bare);
    assert_eq!(used.held(), before, "{name}: {:?}", results.notes);
    used.server.stop().await;
    results
}

/// Four of its options need a launcher or a broker of tasks.
#[tokio::test(flavor = "multi_thread")]
async fn the_threads_scenario_is_as_documented_in_all_that_needs_no_running_task() {
    let results = check("us-east-1", &of_repository("ecs-task-tag"), 4 * 28).await;
    assert!(results.notes.iter().any(|note| note.contains("no task is run in a real account")), "{:?}", results.notes);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_scenarios_are_as_documented_in_all_that_needs_no_running_task() {
    // RunTask, StartTask and tagging a task are not asked for; registering, assuming and reading are.
    let fence = of_repository("ecs-launcher-fence");
    let asked = fence.cells() / 10 * 3;
    check("eu-west-1", &fence, fence.cells() - asked).await;
    let on_create = of_repository("ecs-tag-on-create");
    check("us-east-1", &on_create, on_create.cells()).await;
    // The intruder and the task that does without the broker read two objects each.
    let broker = of_repository("ecs-broker");
    let asked = broker.cells() / (12 * 3) * 4;
    check("us-east-1", &broker, broker.cells() - asked).await;
    let command = of_repository("ecs-task-command");
    check("us-east-1", &command, command.cells()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_on_tasks_is_not_asked_for() {
    let operations = loaded("operations");
    let callers = 3;
    // RunTask, StartTask, StopTask, DescribeTasks, ListTagsForResource, TagResource and UntagResource.
    check("eu-west-1", &operations, callers * 7).await;
}

/// The stranger's account may be somebody's, and nobody but AWS Organizations makes an organisation.
#[tokio::test(flavor = "multi_thread")]
async fn what_would_reach_beyond_the_account_is_not_made() {
    // Of the option that lets the stranger in nothing; of those with an organisation or an endpoint neither; of the
    // other three what the stranger asks.
    let results = check("us-east-1", &loaded("surroundings"), 4 * 18 + 3 * 6).await;
    let shared = results.options.iter().position(|option| option.name == "shared").unwrap();
    let why = &results.cell(shared, 0, 0).unwrap().reason;
    assert_eq!(why, "the policy of `box` lets in account 999988887777, which may be somebody's");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_another_account_nothing_is_made() {
    let used = UsedAccount::new("us-east-1").await;
    let before = used.held();
    let told = used.found("123456789012").await.unwrap_err().to_string();
    assert!(
        told.starts_with(
            "these credentials are of account 111122223333 (arn:aws:iam::111122223333:root), and --i-own-this-account \
             says 123456789012; nothing was made"
        ),
        "{told}"
    );
    assert_eq!(used.held(), before);
    used.server.stop().await;
}

#[tokio::test]
async fn without_credentials_or_region_it_is_said_where_they_come_from() {
    let off = ("AWS_EC2_METADATA_DISABLED", "true");
    let region = ("AWS_REGION", "us-east-1");
    let told = Aws::find(Some(&[off, region]), ACCOUNT).await.unwrap_err().to_string();
    assert!(told.starts_with("found no AWS credentials\n  help: set AWS_PROFILE, or"), "{told}");
    assert!(told.contains("aws configure export-credentials"), "{told}");
    let keys = [("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"), off];
    let told = Aws::find(Some(&keys), ACCOUNT).await.unwrap_err().to_string();
    assert_eq!(told, "no AWS region is set\n  help: set AWS_REGION, or `region` in the profile");
}

/// Nobody listens on this machine's port 1.
#[tokio::test]
async fn without_a_network_it_is_said_in_plain_words() {
    let nobody = "http://127.0.0.1:1";
    let keys = [("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b")];
    let place = [("AWS_REGION", "us-east-1"), ("AWS_ENDPOINT_URL", nobody)];
    let told = Aws::find(Some(&[keys, place].concat()), ACCOUNT).await.unwrap_err().to_string();
    let expected = format!(
        "could not reach AWS at {nobody}: Connection refused (os error 111)\n  help: check the network, HTTPS_PROXY and \
         AWS_ENDPOINT_URL; nothing was made"
    );
    assert_eq!(told, expected);
}

#[tokio::test]
async fn credentials_that_are_not_accepted_are_told_with_what_to_do() {
    let used = UsedAccount::new("us-east-1").await;
    let (keys, place) =
        ([("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "b")], used.server.url());
    let place = [("AWS_REGION", "us-east-1"), ("AWS_ENDPOINT_URL", place.as_str())];
    let told = Aws::find(Some(&[keys, place].concat()), ACCOUNT).await.unwrap_err().to_string();
    assert!(told.starts_with("AWS does not accept these credentials: InvalidClientTokenId: "), "{told}");
    assert!(told.contains("\n  help: renew them, or choose others with AWS_PROFILE"), "{told}");
    used.server.stop().await;
}

/// Names with the run's prefix do not all fit: said before anything is made, in one line for all.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_gets_too_long_is_told_before_anything_is_made() {
    let long = "b".repeat(50);
    let prepared = changed(
        "refused",
        "given: {users: {ann: {}}}",
        &format!("given: {{users: {{ann: {{}}}}, buckets: {{{long}: {{}}}}}}"),
    );
    let used = UsedAccount::new("us-east-1").await;
    let before = used.held();
    let error = used.run(&prepared, nobody(), &Stop::default()).await.unwrap_err().to_string();
    let name = &prepared.name;
    let told = format!("scenario `{name}` cannot be run in a real account: bucket `{long}` has 50 characters");
    assert!(error.starts_with(&told), "{error}");
    assert_eq!(used.held(), before);
    used.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_made_is_known_before() {
    let used = UsedAccount::new("us-east-1").await;
    let emulator = Emulator::aws(used.found(ACCOUNT).await.unwrap(), CHANCE);
    let scenarios = [of_repository("ecs-launcher-fence")];
    let listed: Vec<_> = emulator.would_make(&scenarios).unwrap();
    let listed: Vec<_> =
        listed.iter().map(|one| format!("{} {}", one.kind, one.name.replace("tagproof-abcdefgh-*-", ""))).collect();
    let expected = [
        "bucket reports",
        "bucket tagproof-canary",
        "role probe-*",
        "role task-ok",
        "role task-plain",
        "user anchor",
        "user launcher-ok",
        "user launcher-plain",
        "user tagproof-canary",
    ];
    assert_eq!(listed, expected);
    used.server.stop().await;
}

/// Says that an option's first cell is done.
fn first_cell() -> (Watch, Arc<tokio::sync::Notify>) {
    let done = Arc::new(tokio::sync::Notify::new());
    let notify = done.clone();
    let watch = Arc::new(move |event| {
        if matches!(event, Event::CellDone { .. }) {
            notify.notify_one();
        }
    });
    (watch, done)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_asked_to_stop_deletes_what_it_has_made() {
    let used = UsedAccount::new("us-east-1").await;
    let before = used.held();
    let (watch, done) = first_cell();
    let (stop, seen) = (Stop::default(), Mutex::new(Vec::new()));
    let ask = async {
        done.notified().await;
        *seen.lock().unwrap() = used.held();
        stop.ask();
    };
    let prepared = loaded("thread");
    let (ran, ()) = tokio::join!(used.run(&prepared, watch, &stop), ask);
    assert_eq!(ran.unwrap_err(), RunError::Interrupted { left: Vec::new() });
    assert_ne!(*seen.lock().unwrap(), before, "it had made something");
    assert_eq!(used.held(), before);
    used.server.stop().await;
}

/// A future that is dropped deletes nothing, as a process that is killed.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_run_has_left_is_found_and_deleted_and_nothing_else() {
    let used = UsedAccount::new("us-east-1").await;
    let before = used.held();
    let aws = used.found(ACCOUNT).await.unwrap();
    assert_eq!(runner::leftovers(&aws).await.unwrap(), []);
    let groups = "given: {users: {ann: {groups: [g]}}, groups: {g: {managed-policies: [arn:aws:iam::aws:policy/ReadOnlyAccess]}}, \
                  buckets: {reports: {objects: {q3: {body: x}}}}}";
    let grouped = changed("refused", "given: {users: {ann: {}}}", groups);
    for prepared in [loaded("thread"), loaded("operations"), grouped] {
        let (watch, done) = first_cell();
        let stop = Stop::default();
        tokio::select! {
            biased;
            () = done.notified() => {}
            _ = used.run(&prepared, watch, &stop) => panic!("{}: all of it ran before the first cell", prepared.name),
        }
        assert_ne!(used.held(), before, "{}", prepared.name);
        for leftover in runner::leftovers(&aws).await.unwrap() {
            runner::delete(&aws, &leftover).await.unwrap();
        }
        assert_eq!(used.held(), before, "{}", prepared.name);
    }
    used.server.stop().await;
}

/// AWS does not know a new key at once: here each is switched off for a while as soon as it is seen.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_not_known_yet_is_waited_for() {
    let used = UsedAccount::new("us-east-1").await;
    let before = used.held();
    let fence = of_repository("ecs-launcher-fence");
    let mut seen = Vec::new();
    let forgetful = async {
        loop {
            for (user, key) in used.keys() {
                if !seen.contains(&key) {
                    used.switch(&user, &key, "Inactive");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    used.switch(&user, &key, "Active");
                    seen.push(key);
                }
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let stop = Stop::default();
    let results = tokio::select! {
        results = used.run(&fence, nobody(), &stop) => results.unwrap(),
        () = forgetful => unreachable!("it never ends"),
    };
    assert_eq!(results.count(Fidelity::Match), fence.cells() / 10 * 3, "{:#?}", disagreements(&results));
    assert!(seen.len() > results.options.len(), "each option has keys of its own: {seen:?}");
    assert_eq!(used.held(), before);
    used.server.stop().await;
}
