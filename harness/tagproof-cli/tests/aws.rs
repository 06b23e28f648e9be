//! The program in a real account, for which the account of this repository stands in, and at the URL of one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use account::ids::Seeded;
use account::{AccessKey, Call, Identity, Ids, Settings, Surroundings, Tracing, World};
use serde_json::{Value, json};
use tempfile::TempDir;
use wire::{Hosted, Hosting, Server};

/// An account that somebody uses.
struct UsedAccount {
    server: Server,
    hosted: Arc<Hosted>,
    account: &'static str,
    /// Of a user who may do everything, as an administrator may.
    key: (String, String),
}

impl UsedAccount {
    async fn new(account: &'static str) -> Self {
        let server = Server::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.unwrap();
        let root = AccessKey { id: "test".to_owned(), secret: "test".to_owned() };
        let settings = Settings { account: account.to_owned(), root };
        let hosted = server.host(settings, Hosting { tracing: Tracing::Denials, log: None, upstream: None });
        let mut used = Self { server, hosted, account, key: Default::default() };
        used.iam("CreateUser", json!({"UserName": "admin"}));
        let all = "arn:aws:iam::aws:policy/AdministratorAccess";
        used.iam("AttachUserPolicy", json!({"UserName": "admin", "PolicyArn": all}));
        let key = used.iam("CreateAccessKey", json!({"UserName": "admin"}))["AccessKey"].clone();
        let text = |member: &str| key[member].as_str().unwrap().to_owned();
        used.key = (text("AccessKeyId"), text("SecretAccessKey"));
        used
    }

    /// The program as the administrator calls it, with nothing else of AWS around.
    fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tagproof"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AWS_") || name.starts_with("TAGPROOF_"))
        {
            command.env_remove(name);
        }
        command.args(arguments).env("HOME", "/nonexistent").env("AWS_EC2_METADATA_DISABLED", "true");
        command.env("AWS_ENDPOINT_URL", self.server.url()).env("AWS_REGION", "us-east-1").env("NO_PROXY", "127.0.0.1");
        command.env("AWS_ACCESS_KEY_ID", &self.key.0).env("AWS_SECRET_ACCESS_KEY", &self.key.1);
        command
    }

    /// All that the account holds.
    fn held(&self) -> String {
        let details = self.iam("GetAccountAuthorizationDetails", json!({"MaxItems": 1000}));
        let buckets = self.asked(|world, call| world.call(call, "s3", "ListBuckets", json!({})).unwrap());
        format!("{details:#}\n{buckets:#}")
    }

    fn iam(&self, operation: &str, input: Value) -> Value {
        self.asked(|world, call| world.call(call, "iam", operation, input).unwrap())
    }

    fn asked(&self, ask: impl FnOnce(&mut World, &mut Call<'_>) -> Value) -> Value {
        let surroundings = Surroundings::unknown("us-east-1");
        let (mut ids, mut decisions) = (RealmIds { realm: self.hosted.realm(), chance: Seeded(11) }, Vec::new());
        let mut call = Call {
            identity: Arc::new(Identity::Root { account: self.account.to_owned() }),
            now: jiff::Timestamp::now(),
            ids: &mut ids,
            surroundings: &surroundings,
            tracing: Tracing::Denials,
            decisions: &mut decisions,
        };
        self.hosted.with(|world| ask(world, &mut call))
    }

    /// Starts the program, and sends it a signal once it has made a bucket.
    async fn signalled(&self, mut command: Command, signal: &str) -> Output {
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let made = async {
            while !self.held().contains("esolang-worker") {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), made).await.unwrap();
        let kill = format!("kill -{signal} {}", child.id());
        assert!(Command::new("bash").args(["-c", &kill]).status().unwrap().success());
        child.wait_with_output().unwrap()
    }
}

/// Key ids by which the listener finds the world.
struct RealmIds {
    realm: u16,
    chance: Seeded,
}

impl Ids for RealmIds {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.chance.fill(bytes);
    }

    fn realm(&self) -> u16 {
        self.realm
    }
}

const ACCOUNT: &str = "111122223333";

fn scenario(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").join(name)
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_says_what_it_makes_and_leaves_nothing() {
    let used = UsedAccount::new(ACCOUNT).await;
    let before = used.held();
    let (fence, snapshots) = (scenario("ecs-launcher-fence"), TempDir::new().unwrap());
    let (fence, folder) = (fence.to_str().unwrap(), snapshots.path().to_str().unwrap());
    let mut arguments = vec!["run", fence, "--backend", "aws", "--i-own-this-account", ACCOUNT];
    arguments.extend(["--update-snapshots", "--snapshots", folder]);
    let ran = used.program(&arguments).output().unwrap();
    let stderr = told(&ran);
    assert_eq!(ran.status.code(), Some(0), "{stderr}\n{}", String::from_utf8_lossy(&ran.stdout));
    let first =
        "as arn:aws:iam::111122223333:user/admin in account 111122223333, us-east-1: each option makes some of these";
    assert!(stderr.starts_with(first), "{stderr}");
    assert!(stderr.contains("-*-reports\n"), "{stderr}");
    let stdout = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(stdout.contains("; AWS evaluates conditions ("), "{stdout}");
    assert!(snapshots.path().join("ecs-launcher-fence@aws.snap").is_file());
    assert_eq!(used.held(), before);
    used.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_names_another_account_or_none_is_told() {
    let used = UsedAccount::new(ACCOUNT).await;
    let before = used.held();
    let fence = scenario("ecs-launcher-fence");
    let check = |arguments: &[&str], expected: &str| {
        let ran = used.program(arguments).output().unwrap();
        assert_eq!(ran.status.code(), Some(2), "{arguments:?}");
        assert!(told(&ran).contains(expected), "{arguments:?}: {}", told(&ran));
    };
    let run = ["run", fence.to_str().unwrap(), "--backend"];
    check(&[&run[..], &["aws"]].concat(), "in your account: pass --i-own-this-account ACCOUNT_ID to confirm");
    let other = "these credentials are of account 111122223333 (arn:aws:iam::111122223333:user/admin), and \
                 --i-own-this-account says 123456789012; nothing was made";
    check(&[&run[..], &["aws", "--i-own-this-account", "123456789012"]].concat(), other);
    check(&["clean", "--i-own-this-account", "123456789012"], other);
    let without = [&run[..], &["embedded", "--i-own-this-account", ACCOUNT]].concat();
    check(&without, "--i-own-this-account is for --backend aws");
    assert_eq!(used.held(), before);
    used.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_interrupted_leaves_nothing() {
    let used = UsedAccount::new(ACCOUNT).await;
    let before = used.held();
    let tag = scenario("ecs-task-tag");
    for (signal, number) in [("INT", 2), ("TERM", 15)] {
        let arguments = ["run", tag.to_str().unwrap(), "--backend", "aws", "--i-own-this-account", ACCOUNT];
        let ended = used.signalled(used.program(&arguments), signal).await;
        assert_eq!(ended.status.code(), Some(128 + number), "{signal}: {}", told(&ended));
        assert_eq!(used.held(), before, "{signal}: {}", told(&ended));
    }
    used.server.stop().await;
}

/// As `nohup` starts it.
#[tokio::test(flavor = "multi_thread")]
async fn a_hangup_that_is_ignored_ends_nothing() {
    let used = UsedAccount::new(ACCOUNT).await;
    let tag = scenario("ecs-task-tag");
    let run = used.program(&["run", tag.to_str().unwrap(), "--backend", "aws", "--i-own-this-account", ACCOUNT]);
    let mut ignoring = Command::new("bash");
    ignoring.args(["-c", "trap '' HUP; exec \"$@\"", "bash"]).arg(run.get_program()).args(run.get_args());
    for (name, value) in run.get_envs() {
        match value {
            Some(value) => ignoring.env(name, value),
            None => ignoring.env_remove(name),
        };
    }
    let ended = used.signalled(ignoring, "HUP").await;
    assert_eq!(ended.status.code(), Some(0), "{}", told(&ended));
    used.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_run_has_left_is_cleaned() {
    let used = UsedAccount::new(ACCOUNT).await;
    let before = used.held();
    let tag = scenario("ecs-task-tag");
    let arguments = ["run", tag.to_str().unwrap(), "--backend", "aws", "--i-own-this-account", ACCOUNT];
    used.signalled(used.program(&arguments), "KILL").await;
    assert_ne!(used.held(), before);
    let clean = || used.program(&["clean", "--i-own-this-account", ACCOUNT]).output().unwrap();
    let cleaned = clean();
    let (stdout, stderr) = (String::from_utf8_lossy(&cleaned.stdout).into_owned(), told(&cleaned));
    assert_eq!(cleaned.status.code(), Some(0), "{stderr}");
    assert!(stderr.starts_with("deleting what runs have left in account 111122223333, us-east-1:\n"), "{stderr}");
    assert!(stdout.lines().any(|line| line.ends_with("-esolang-worker")), "{stdout}");
    assert!(stdout.trim_end().ends_with("-anchor"), "the run's own user is the last: {stdout}");
    assert_eq!(used.held(), before);
    let again = clean();
    assert_eq!((again.status.code(), told(&again).contains("no run has left anything")), (Some(0), true));
    used.server.stop().await;
}

/// At a URL names are the scenario's own, and what was made is deleted all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_at_a_url_that_is_interrupted_leaves_nothing() {
    let used = UsedAccount::new("123456789012").await;
    let (before, url) = (used.held(), used.server.url());
    let tag = scenario("ecs-task-tag");
    for bare in [&["--bare"][..], &[]] {
        let arguments = [&["run", tag.to_str().unwrap(), "--backend", &url][..], bare].concat();
        let ended = used.signalled(used.program(&arguments), "INT").await;
        assert_eq!(ended.status.code(), Some(130), "{bare:?}: {}", told(&ended));
        assert!(told(&ended).contains("interrupted: nothing was written"), "{}", told(&ended));
        assert_eq!(used.held(), before, "{bare:?}: {}", told(&ended));
    }
    used.server.stop().await;
}
