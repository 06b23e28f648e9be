//! The path of somebody with a test of their own: first snapshot, a policy that is loosened, and what is meant taken over.
//!
//! Most of it runs this file's own executable as cargo would run the test of a package: in its folder, with
//! `CARGO_MANIFEST_DIR`. One test has cargo build such a package.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

use tempfile::TempDir;

const TEMPLATE: &str = include_str!("own/reports.yaml");
const SCENARIO: &str = include_str!("own/scenario.yaml");
const GUARD: &str = "StringEquals: {aws:PrincipalTag/Team: finance}";
const LOOSENED: &str = "StringEqualsIfExists: {aws:PrincipalTag/Team: finance}";
const SNAPSHOT: &str = "snapshots/reports@embedded.snap";

/// Everything that a reviewer needs of the loosened policy, in the package's folder.
const UNEXPECTED: &str = "\
reports: 1 of 3 cells is not as expected; 1 differs from the snapshot

as-deployed / visitor / get
  Expected  deny: only the clerk's session has the tag
            https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
            scenarios/reports/scenario.yaml:15:29
  Came      allowed
  Snapshot  · implicit-deny
  Reason    allowed by statement `Read/Tagged` of the identity-based policy `role/reader/Read`; its condition
            StringEqualsIfExists aws:PrincipalTag/Team holds only because the key is missing
  Decided   identity-based policy role/reader/Read 1 Tagged, infrastructure/reports.yaml:16:17
            ✓ StringEqualsIfExists aws:PrincipalTag/Team  expected finance, request has none  (holds only because the key is missing)
  What would change it:
    - add Null aws:PrincipalTag/Team = false to statement `Read/Tagged`, so that a request without the key does not match
  Explain   tagproof explain scenarios/reports as-deployed visitor get
";

/// What a test of one's own is; the others run it in packages of their own.
#[test]
#[ignore = "is run by the other tests here"]
fn own() {
    if let Ok(scenarios) = std::env::var("SCENARIOS") {
        tagproof::check_blocking(scenarios, "snapshots");
    }
}

/// A folder with a template and a scenario.
struct Package(TempDir);

impl Package {
    fn new() -> Self {
        let package = Self(TempDir::new().unwrap());
        package.write("infrastructure/reports.yaml", TEMPLATE);
        package.write("scenarios/reports/scenario.yaml", SCENARIO);
        package
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    fn has(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    fn loosen(&self) {
        assert!(TEMPLATE.contains(GUARD));
        self.write("infrastructure/reports.yaml", &TEMPLATE.replace(GUARD, LOOSENED));
    }

    /// The expectation, as somebody writes it who means the loosened policy.
    fn expect_loosened(&self) {
        let meant = SCENARIO.replace("{allow: [clerk], deny: [visitor, ann]", "{allow: [clerk, visitor], deny: [ann]");
        assert_ne!(meant, SCENARIO);
        self.write("scenarios/reports/scenario.yaml", &meant);
    }

    /// As cargo runs a package's tests.
    fn test(&self, scenarios: &str, variables: &[(&str, &str)]) -> Ended {
        let mut test = Command::new(std::env::current_exe().unwrap());
        test.args(["--ignored", "--exact", "own"]).env("CARGO_MANIFEST_DIR", self.0.path()).env("SCENARIOS", scenarios);
        Ended::of(plain(&mut test).current_dir(self.0.path()).envs(variables.iter().copied()).output().unwrap())
    }

    fn tagproof(&self, arguments: &[&str]) -> Ended {
        let mut program = Command::new(env!("CARGO_BIN_EXE_tagproof"));
        Ended::of(plain(program.args(arguments)).current_dir(self.0.path()).output().unwrap())
    }
}

/// Without what the environment of these tests says of snapshots.
fn plain(command: &mut Command) -> &mut Command {
    ["CI", "TF_BUILD", "INSTA_UPDATE", "INSTA_FORCE_PASS"]
        .iter()
        .fold(command, |command, name| command.env_remove(name))
}

struct Ended {
    ok: bool,
    stdout: String,
    stderr: String,
}

impl Ended {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { ok: output.status.success(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    #[track_caller]
    fn passes(&self, told: &str) {
        assert!(self.ok && self.stderr.contains(told), "stdout: {}\nstderr: {}", self.stdout, self.stderr);
    }

    /// What cargo shows of the failed test.
    #[track_caller]
    fn fails(&self) -> &str {
        assert!(!self.ok, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        let (_, shown) = self.stdout.split_once(" stdout ----\n").unwrap();
        shown.split_once("\n\nfailures:\n").unwrap().0
    }
}

#[test]
fn a_loosened_policy_fails_until_expectation_and_snapshot_say_the_same() {
    let package = Package::new();
    package.test("scenarios/reports", &[]).passes("wrote snapshots/reports@embedded.snap, which was not there");
    let first = package.read(SNAPSHOT);
    assert!(first.starts_with("---\nsource: \"scenarios/reports/scenario.yaml\"\ndescription: "), "{first}");
    package.test("scenarios/reports", &[]).passes("");

    package.loosen();
    assert_eq!(package.test("scenarios/reports", &[]).fails(), UNEXPECTED);
    let accepting = package.test("scenarios/reports", &[("INSTA_UPDATE", "always")]);
    assert_eq!(accepting.fails(), UNEXPECTED, "an unexpected cell is not taken over");
    let written = package.tagproof(&["run", "scenarios/reports", "--update-snapshots"]);
    let why = "reports: its snapshot was not written, since not everything is as expected; mend the policy, or the \
               expectation in scenarios/reports/scenario.yaml\n";
    assert!(!written.ok && written.stderr.contains(why), "{}", written.stderr);
    assert_eq!((package.read(SNAPSHOT), package.has("snapshots/reports@embedded.snap.new")), (first.clone(), false));

    package.expect_loosened();
    let differs = package.test("scenarios/reports", &[]);
    let told = differs.fails();
    for part in [
        "wrote snapshots/reports@embedded.snap.new for review\n",
        "\nreports: 1 of 3 cells differs from the snapshot; all are as expected\n",
        "`tagproof run scenarios/reports --update-snapshots`\n",
        "  Expected  allow: only",
        "  Snapshot  · implicit-deny\n",
    ] {
        assert!(told.contains(part), "`{part}` is not in {told}");
    }
    assert!(told.ends_with("\n  Explain   tagproof explain scenarios/reports as-deployed visitor get\n"), "{told}");
    assert!(!told.contains("What would change it"), "the cell is as expected: {told}");
    assert_eq!(package.read(SNAPSHOT), first);

    package.test("scenarios/reports", &[("INSTA_UPDATE", "always")]).passes("wrote snapshots/reports@embedded.snap\n");
    assert!(!package.has("snapshots/reports@embedded.snap.new"));
    package.test("scenarios/reports", &[]).passes("");
    let taken = package.read(SNAPSHOT);
    std::fs::remove_dir_all(package.path("snapshots")).unwrap();
    package
        .tagproof(&["run", "scenarios/reports", "--update-snapshots"])
        .passes("wrote snapshots/reports@embedded.snap\n");
    assert_eq!(package.read(SNAPSHOT), taken, "both ways write the same bytes");
}

#[test]
fn insta_update_says_what_is_written() {
    let package = Package::new();
    for variable in [("CI", "true"), ("INSTA_UPDATE", "no")] {
        let ended = package.test("scenarios/reports", &[variable]);
        assert!(
            ended
                .fails()
                .contains("all is as expected, but there is no snapshot snapshots/reports@embedded.snap yet\n"),
            "{variable:?}"
        );
        assert!(!package.has("snapshots"), "{variable:?}");
    }
    package.test("scenarios/reports", &[("INSTA_UPDATE", "new")]).fails();
    assert!(package.has("snapshots/reports@embedded.snap.new") && !package.has(SNAPSHOT));
    package.test("scenarios/reports", &[("INSTA_UPDATE", "new"), ("INSTA_FORCE_PASS", "1")]).passes("for review");
    let bad = package.test("scenarios/reports", &[("INSTA_UPDATE", "yes")]);
    assert_eq!(bad.fails(), "INSTA_UPDATE is `yes`; write auto, no, new, always or unseen\n");
    package.test("scenarios/reports", &[("CI", "true"), ("INSTA_UPDATE", "always")]).passes("wrote ");
    assert!(package.has(SNAPSHOT) && !package.has("snapshots/reports@embedded.snap.new"));
}

#[test]
fn a_snapshot_of_another_version_is_told_as_such() {
    let package = Package::new();
    package.write(SNAPSHOT, "---\ndescription: \"t\"\n---\nOnly tagged sessions may read the reports\n");
    let ended = package.test("scenarios/reports", &[]);
    let told = "reports: snapshots/reports@embedded.snap was written by another version of tagproof\n";
    assert!(ended.fails().contains(told), "{}", ended.stdout);
    package.tagproof(&["run", "--update-snapshots"]).passes("wrote snapshots/reports@embedded.snap\n");
    package.test("scenarios/reports", &[]).passes("");
}

#[test]
fn a_folder_of_scenarios_tells_everything_that_is_wrong_at_once() {
    let package = Package::new();
    package.write("scenarios/again/scenario.yaml", SCENARIO);
    package.write("scenarios/broken/scenario.yaml", &SCENARIO.replace("callers:", "caller:"));
    package.test("scenarios/reports", &[]).passes("");
    package.loosen();
    let ended = package.test("scenarios", &[]);
    let told = ended.fails();
    let parts = ["again: 1 of 3 cells is not as expected\n", "scenarios/broken/scenario.yaml:", UNEXPECTED];
    let places: Vec<_> =
        parts.iter().map(|part| told.find(part).unwrap_or_else(|| panic!("`{part}` in {told}"))).collect();
    assert!(places.is_sorted(), "{told}");
}

#[test]
fn a_pipeline_without_rust_has_the_same_comparison() {
    let package = Package::new();
    let check = ["run", "--check"];
    let none = package.tagproof(&check);
    assert!(
        !none.ok && none.stdout.contains("there is no snapshot snapshots/reports@embedded.snap"),
        "{}",
        none.stdout
    );
    assert!(!package.has("snapshots"));
    let elsewhere = package.tagproof(&["run", "--check", "--snapshots", "nowhere"]);
    let help =
        "help: write it with `tagproof run scenarios/reports --update-snapshots --snapshots nowhere`, look at it";
    assert!(elsewhere.stdout.contains(help), "{}", elsewhere.stdout);
    let unpinned = "no snapshot yet: reports; write it with `tagproof run scenarios/reports --update-snapshots`\n";
    package.tagproof(&["run"]).passes(unpinned);
    package.test("scenarios/reports", &[]).passes("");
    assert!(!package.tagproof(&["run"]).stderr.contains("no snapshot"));
    let same = package.tagproof(&check);
    same.passes("reports: 3 cells, all as in the snapshot\n");
    let total = same.stdout.starts_with("1 scenario, 3 cells: all as expected (");
    assert!(total && same.stdout.ends_with("); no snapshot differs\n"), "{}", same.stdout);
    let quiet = package.tagproof(&["run", "--check", "-q"]);
    quiet.passes("");
    assert_eq!((quiet.stdout.lines().count(), &*quiet.stderr), (1, ""), "{}", quiet.stdout);
    package.write(SNAPSHOT, &package.read(SNAPSHOT).replace("\n\nReasons\n", "\n\nReasons\n  · a reason\n"));
    let reworded = package.tagproof(&check);
    let told = "reports: every cell is as expected and as in the snapshot, which differs in its reasons\nhelp: ";
    assert!(!reworded.ok && reworded.stdout.starts_with(told), "{}", reworded.stdout);
    package.tagproof(&["run", "--update-snapshots"]).passes("wrote snapshots/reports@embedded.snap\n");
    package.loosen();
    let loosened = package.tagproof(&check);
    let (cells, total) = loosened.stdout.trim_end().rsplit_once("\n\n").unwrap();
    assert_eq!((loosened.ok, format!("{cells}\n")), (false, UNEXPECTED.to_owned()));
    assert!(total.contains("1 not as expected (") && total.ends_with("; 1 snapshot differs or is missing"), "{total}");
    let bare = package.tagproof(&["run", "--check", "--backend", "http://127.0.0.1:1", "--bare"]);
    assert!(!bare.ok && bare.stderr.contains("--check is for runs that tagproof decides"), "{}", bare.stderr);
}

/// What cargo builds: the package names tagproof by path, and shares the target directory of this build.
#[test]
#[ignore = "builds tagproof as a dependency, which takes minutes: .ci/run runs it"]
fn cargo_test_in_a_fresh_package_writes_into_that_package_only() {
    let package = Package::new();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let manifest = std::fs::read_to_string(repository.join("Cargo.toml")).unwrap();
    // The profiles of the workspace, so that what it has built can be used.
    let profiles = &manifest[manifest.find("[profile.dev]").unwrap()..];
    let tagproof = repository.join("harness/tagproof");
    package.write(
        "Cargo.toml",
        &format!(
            "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dev-dependencies]\n\
             tagproof = {{ path = {tagproof:?} }}\n\n[workspace]\n\n{profiles}"
        ),
    );
    package.write("src/lib.rs", "");
    package.write(
        "tests/reports.rs",
        "#[test]\nfn reports() { tagproof::check_blocking(\"scenarios\", \"snapshots\"); }\n",
    );
    std::fs::copy(repository.join("Cargo.lock"), package.path("Cargo.lock")).unwrap();
    let target = std::env::current_exe().unwrap().ancestors().nth(3).unwrap().to_owned();
    let cargo = |variables: &[(&str, &str)]| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["test", "--offline", "--quiet"]).current_dir(package.0.path()).env("CARGO_TARGET_DIR", &target);
        Ended::of(plain(&mut cargo).envs(variables.iter().copied()).output().unwrap())
    };
    let before = listing(&repository);
    cargo(&[]).passes("wrote snapshots/reports@embedded.snap, which was not there");
    package.loosen();
    assert_eq!(cargo(&[]).fails(), UNEXPECTED);
    package.expect_loosened();
    cargo(&[("INSTA_UPDATE", "always")]).passes("wrote snapshots/reports@embedded.snap\n");
    cargo(&[]).passes("");
    assert_eq!(listing(&repository), before, "something was written into the checkout");
}

/// Every file of a checkout with the time of its last change, but for what builds and version control write.
fn listing(folder: &Path) -> Vec<(PathBuf, SystemTime)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        match entry.file_type().unwrap().is_dir() {
            true if ["target", ".git"].iter().any(|name| entry.file_name() == *name) => {}
            true => all.extend(listing(&path)),
            false => all.push((path, entry.metadata().unwrap().modified().unwrap())),
        }
    }
    all.sort();
    all
}
