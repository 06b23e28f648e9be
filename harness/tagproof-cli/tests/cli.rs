//! The program as its users start it: what it prints where, and how it ends.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const TEMPLATE: &str = "\
Resources:
  Reader:
    Type: AWS::IAM::User
    Properties:
      UserName: reader
      Policies:
        - PolicyName: Read
          PolicyDocument:
            Statement: {Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::box/*'}
";
const SCENARIO: &str = "\
title: Who may read
template: {file: template.yaml}
given: {buckets: {box: {objects: {key: {body: content}}}}}
under-test: Reader/Read/1
options:
  plain: {}
  tagged: {condition: {StringEquals: {aws:RequestTag/Status: OK}}}
callers:
  reader: {user: reader}
requests:
  get: {call: s3:GetObject, bucket: box, key: key}
expect:
  plain: {allow: all}
  tagged: {deny: all, because: the key is never there}
";

/// A scenario in a folder of its own.
struct ScenarioFolder(TempDir);

impl ScenarioFolder {
    fn new(scenario: &str, template: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let scenarios = folder.path().join("who-may-read");
        std::fs::create_dir(&scenarios).unwrap();
        std::fs::write(scenarios.join("scenario.yaml"), scenario).unwrap();
        std::fs::write(scenarios.join("template.yaml"), template).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The scenario once more in another folder.
    fn copy_to(&self, name: &str) {
        std::fs::create_dir_all(self.path(name)).unwrap();
        for file in ["scenario.yaml", "template.yaml"] {
            std::fs::copy(self.path("who-may-read").join(file), self.path(name).join(file)).unwrap();
        }
    }

    /// Runs the program in the folder above the scenario.
    fn tagproof(&self, arguments: &[&str]) -> Ended {
        Ended::of(program(arguments).current_dir(self.0.path()).output().unwrap())
    }
}

struct Ended {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Ended {
    fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    fn total(&self) -> &str {
        self.stdout.trim_end().lines().last().unwrap_or_default()
    }

    fn above_total(&self) -> &str {
        self.stdout.trim_end().rsplit_once('\n').unwrap().0
    }

    #[track_caller]
    fn check(&self, code: i32, stderr: &[&str]) -> &Self {
        let Self { stdout, stderr: told, .. } = self;
        assert_eq!(self.code, Some(code), "stdout: {stdout}\nstderr: {told}");
        for part in stderr {
            assert!(told.contains(part), "`{part}` is not in stderr: {told}");
        }
        self
    }
}

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tagproof"));
    command.args(arguments).env_clear().stdin(Stdio::null());
    command
}

#[test]
fn a_run_as_expected_prints_its_matrix_and_ends_with_0() {
    let scenarios = ScenarioFolder::new(SCENARIO, TEMPLATE);
    let run = scenarios.tagproof(&["run", "who-may-read"]);
    run.check(0, &[]);
    let matrix = "
Matrix
          a
          1
  plain   ✓
  tagged  ·
";
    assert!(run.stdout.contains(matrix), "{}", run.stdout);
    assert!(run.total().starts_with("1 scenario, 2 cells: all as expected ("), "{}", run.stdout);
    assert!(!run.stdout.contains("never carries"), "reasons are for -v: {}", run.stdout);
    let reasons = scenarios.tagproof(&["run", "-v", "who-may-read"]);
    let reason = "\nWhy\n  · tagged: a 1\n      no statement allows s3:GetObject: statement `Read/1` needs ";
    assert!(reasons.stdout.contains(reason), "{}", reasons.stdout);
    assert!(!reasons.stdout.contains("What would change it"), "it is denied as expected: {}", reasons.stdout);
    let predicted = scenarios.tagproof(&["predict", "who-may-read"]);
    predicted.check(0, &[]);
    assert_eq!(predicted.above_total(), run.above_total());
    let quiet = scenarios.tagproof(&["run", "--quiet", "who-may-read"]);
    assert_eq!(quiet.check(0, &[]).stdout.lines().count(), 1, "{}", quiet.stdout);
}

#[test]
fn several_scenarios_are_a_line_each_and_a_total() {
    let scenarios = ScenarioFolder::new(SCENARIO, TEMPLATE);
    scenarios.copy_to("who-else");
    let run = scenarios.tagproof(&["predict", "."]);
    run.check(0, &[]);
    let lines: Vec<&str> = run.stdout.lines().map(|line| line.split(" (").next().unwrap()).collect();
    let line = |name: &str| format!("{name:12}       2 cells, all as expected");
    assert_eq!(lines, [&line("who-else"), &line("who-may-read"), "", "2 scenarios, 4 cells: all as expected"]);
    let quiet = scenarios.tagproof(&["predict", ".", "--quiet"]);
    assert_eq!(quiet.stdout.lines().count(), 1, "{}", quiet.stdout);
    let verbose = scenarios.tagproof(&["predict", ".", "--verbose"]);
    assert_eq!(verbose.stdout.matches("\nMatrix\n").count(), 2, "{}", verbose.stdout);
}

#[test]
fn a_cell_that_is_not_as_expected_is_marked_and_ends_with_1() {
    let scenarios = ScenarioFolder::new(&SCENARIO.replace("tagged: {deny: all", "tagged: {allow: all"), TEMPLATE);
    let run = scenarios.tagproof(&["run", "who-may-read"]);
    run.check(1, &[]);
    assert!(run.stdout.contains("  tagged  ·*\n"), "{}", run.stdout);
    assert!(run.stdout.contains("\n  *  after a mark: not as expected\n"), "{}", run.stdout);
    let expected = "
tagged / reader / get
  Expected  allow: the key is never there
            who-may-read/scenario.yaml:14:19
  Came      implicitly denied
  Reason    no statement allows s3:GetObject: statement `Read/1` needs StringEquals aws:RequestTag/Status = OK, but the
            request has no aws:RequestTag/Status (s3:GetObject never carries it)
  Decided   identity-based policy user/reader/Read 1, who-may-read/template.yaml:9:24
            ✗ StringEquals aws:RequestTag/Status  expected OK, request has none  (fails because the key is missing; \
requests for this action on this resource never carry the key)
  What would change it:
    - s3:GetObject never carries aws:RequestTag/Status: use aws:PrincipalTag/Status in statement `Read/1` and tag the user";
    assert!(run.stdout.contains(expected), "{}", run.stdout);
    assert!(run.stdout.contains("\n  Explain   tagproof explain who-may-read tagged reader get\n"), "{}", run.stdout);
    assert!(run.total().starts_with("1 scenario, 2 cells: 1 not as expected ("), "{}", run.stdout);
    let quiet = scenarios.tagproof(&["run", "-q", "who-may-read"]);
    assert!(quiet.stdout.contains(expected) && !quiet.stdout.contains("Matrix"), "{}", quiet.stdout);
}

#[test]
fn results_are_one_line_of_json_for_each_scenario() {
    let scenarios = ScenarioFolder::new(SCENARIO, TEMPLATE);
    let run = scenarios.tagproof(&["run", "--json", "."]);
    run.check(0, &[]);
    let results: serde_json::Value = serde_json::from_str(run.stdout.trim_end()).unwrap();
    assert_eq!(results["version"], 1);
    assert_eq!(results["cells"][1]["outcome"], "ImplicitlyDenied");
    assert_eq!(results["cells"][1]["trace"]["policies"][0]["statements"][0]["conditions"][0]["holds"], false);
}

#[test]
fn one_cell_is_explained() {
    let scenarios = ScenarioFolder::new(SCENARIO, TEMPLATE);
    let cell = scenarios.tagproof(&["explain", "who-may-read", "tagged", "reader", "get"]);
    cell.check(0, &[]);
    let places = [
        "tagged / reader / get: implicitly denied\n",
        "\n          who-may-read/scenario.yaml:14:18\n",
        "  (who-may-read/template.yaml:9:24)\n",
    ];
    for place in places {
        assert!(cell.stdout.contains(place), "`{place}` is not in {}", cell.stdout);
    }
    let other = ScenarioFolder::new(&SCENARIO.replace("tagged: {deny: all", "tagged: {allow: all"), TEMPLATE);
    let unmet = other.tagproof(&["explain", "who-may-read", "tagged", "reader", "get"]);
    assert!(unmet.check(1, &[]).stdout.starts_with("tagged / reader / get: implicitly denied, not as expected\n"));
    let condition = "✗ StringEquals aws:RequestTag/Status  expected OK, request has none";
    assert!(cell.stdout.contains(condition), "{}", cell.stdout);
    assert!(
        cell.stdout.contains("\nWhat would change it:\n  - s3:GetObject never carries aws:RequestTag/Status: use "),
        "{}",
        cell.stdout
    );
    let unknown = scenarios.tagproof(&["explain", "who-may-read", "taged", "reader", "get"]);
    unknown.check(2, &["error: there is no option, caller or request `taged`; did you mean option `tagged`?\n"]);
    let none = scenarios.tagproof(&["explain", "who-may-read"]);
    let there =
        "\noptions: plain, tagged\ncallers: a reader\nrequests: 1 get\nhelp: name an OPTION, a CALLER and a REQUEST";
    none.check(2, &["error: a cell has an option, a caller and a request", there]);
    let two = scenarios.tagproof(&["explain", "who-may-read", "reader", "get"]);
    two.check(2, &["error: `reader` is a caller, `get` is a request\noptions: plain, tagged\nhelp: name an OPTION"]);
    unknown.check(2, &["\noptions: plain, tagged\n", "\nhelp: name an OPTION, a CALLER and a REQUEST; "]);
    for words in [["get", "reader", "tagged"], ["reader", "tagged", "1"], ["tagged", "a", "get"], ["1", "tagged", "a"]]
    {
        let again = scenarios.tagproof(&[&["explain", "who-may-read"][..], &words].concat());
        assert_eq!(again.check(0, &[]).stdout, cell.stdout, "{words:?}");
    }
    let twice = scenarios.tagproof(&["explain", "who-may-read", "plain", "tagged", "get"]);
    let told = "error: `plain` is an option, `tagged` is an option, `get` is a request\ncallers: a reader\nhelp: ";
    twice.check(2, &[told]);
    scenarios.copy_to("who-else-may-read");
    let folder = scenarios.tagproof(&["explain", ".", "tagged", "reader", "get"]);
    folder.check(2, &["error: . holds 2 scenarios: name one of ./who-else-may-read, ./who-may-read"]);
}

#[test]
fn words_that_can_be_read_in_several_ways_need_their_order() {
    let scenario = SCENARIO
        .replace("plain", "one")
        .replace("tagged", "other")
        .replace("  reader: {user: reader}\n", "  one: {user: reader}\n  other: {user: reader}\n  1: {user: reader}\n");
    let scenarios = ScenarioFolder::new(&scenario, TEMPLATE);
    let explain = |words: [&str; 3]| scenarios.tagproof(&[&["explain", "who-may-read"][..], &words].concat());
    let twice = "error: `get one other` can be read in several ways\nhelp: write OPTION CALLER REQUEST in this order\n";
    explain(["get", "one", "other"]).check(2, &[twice]);
    assert!(explain(["one", "other", "get"]).check(0, &[]).stdout.starts_with("one / other / get: allowed\n"));
    // A caller's name goes before a request's number.
    assert!(explain(["one", "1", "get"]).check(0, &[]).stdout.starts_with("one / 1 / get: allowed\n"));
    assert!(explain(["one", "1", "1"]).check(0, &[]).stdout.starts_with("one / 1 / get: allowed\n"));
}

#[test]
fn every_error_of_scenario_and_template_is_told_at_once() {
    let scenario =
        SCENARIO.replace("{user: reader}", "{usr: reader}").replace("call: s3:GetObject", "call: s3:GetObjct");
    let template = TEMPLATE.replace("Effect: Allow", "Efect: Allow").replace("UserName", "UserNam");
    let scenarios = ScenarioFolder::new(&scenario, &template);
    std::fs::create_dir(scenarios.path("snapshots")).unwrap();
    let run = scenarios.tagproof(&["run", "--update-snapshots", "who-may-read"]);
    run.check(2, &["who-may-read/scenario.yaml:9:", "did you mean `user: reader`?", "did you mean `s3:GetObject`?"]);
    run.check(2, &["who-may-read/template.yaml:", "`UserNam`", "^^^"]);
    assert_eq!(run.stdout, "");
    assert_eq!(std::fs::read_dir(scenarios.path("snapshots")).unwrap().count(), 0, "no snapshot is touched");
}

#[test]
fn a_policy_with_an_unknown_operator_is_not_run() {
    let scenarios = ScenarioFolder::new(&SCENARIO.replace("StringEquals", "StringEqauls"), TEMPLATE);
    scenarios.tagproof(&["run", "who-may-read"]).check(2, &["`StringEqauls`", "did you mean `StringEquals`?"]);
}

#[test]
fn a_path_without_scenarios_is_told() {
    let scenarios = ScenarioFolder::new(SCENARIO, TEMPLATE);
    let none = scenarios.tagproof(&["run"]);
    none.check(
        2,
        &["error: there is no folder `scenarios` here\nhelp: this folder holds scenarios; name it as `.`, such as `tagproof \
           run .`\n"],
    );
    let within = |folder: &str| Ended::of(program(&["run"]).current_dir(scenarios.path(folder)).output().unwrap());
    within("who-may-read").check(2, &["\nhelp: this folder is a scenario; name it as `.`, such as `tagproof run .`\n"]);
    let nowhere = "error: there is no scenario `nowhere`, neither here nor in `scenarios`\nhelp: name a folder with a ";
    scenarios.tagproof(&["run", "nowhere"]).check(2, &[nowhere]);
    scenarios.copy_to("scenarios/who-may-read");
    scenarios.copy_to("scenarios/who-else");
    let named = scenarios.tagproof(&["predict", "who-else"]);
    assert!(named.check(0, &[]).stdout.starts_with("Who may read\n"), "{}", named.stdout);
    scenarios.tagproof(&["run", "who-els"]).check(2, &["\nhelp: did you mean `who-else`?"]);
    scenarios.tagproof(&["run", "nowhere"]).check(2, &["\nhelp: the scenarios here are who-else, who-may-read"]);
    std::fs::remove_dir_all(scenarios.path("scenarios/who-else")).unwrap();
    scenarios.tagproof(&["run", "nowhere"]).check(2, &["\nhelp: the only scenario here is `who-may-read`\n"]);
    std::fs::create_dir(scenarios.path("empty")).unwrap();
    within("empty").check(2, &["README.md says how to write one, under \"A scenario of your own\"\n"]);
    scenarios.tagproof(&["run", "empty"]).check(2, &["error: there is no scenario in empty"]);
    scenarios.tagproof(&["rum"]).check(2, &["unrecognized subcommand"]);
}

/// Each ends with what to do instead.
#[test]
fn what_is_no_scenario_is_told_for_what_it_is() {
    let scenarios = ScenarioFolder::new(SCENARIO, TEMPLATE);
    let template = scenarios.tagproof(&["predict", "who-may-read/template.yaml"]);
    template.check(2, &["this file is a template, not a scenario", "template: {file: …}", "`tagproof lint` checks"]);
    let slips = [
        ("bucket: box", "bucketname: box", "did you mean `bucket`?"),
        ("  plain: {allow", "  plian: {allow", "did you mean `plain`?"),
        ("{user: reader}", "{user: raeder}", "did you mean `Reader`?"),
        ("Reader/Read/1", "Reeder/Read/1", "did you mean `Reader`?"),
    ];
    for (old, new, help) in slips {
        let scenarios = ScenarioFolder::new(&SCENARIO.replacen(old, new, 1), TEMPLATE);
        scenarios.tagproof(&["predict", "who-may-read"]).check(2, &[help]);
    }
}

#[test]
fn a_bucket_without_a_name_is_named_by_its_logical_id_and_its_name_is_shown() {
    let scenario = SCENARIO
        .replace("{buckets: {box: ", "{buckets: {Box: ")
        .replace("bucket: box", "bucket: !Ref Box")
        .replace("  plain: {}", "  plain: {given: {buckets: {Box: {tags: {k: v}}}}}");
    let template = TEMPLATE.replace("'arn:aws:s3:::box/*'", "!Sub '${Box.Arn}/*'") + "  Box: {Type: AWS::S3::Bucket}\n";
    let scenarios = ScenarioFolder::new(&scenario, &template);
    let predicted = scenarios.tagproof(&["predict", "who-may-read"]);
    predicted.check(0, &[]);
    assert!(predicted.stdout.contains("s3:GetObject Bucket=!Ref Box (scenario-box-"), "{}", predicted.stdout);
    let json = scenarios.tagproof(&["predict", "--json", "who-may-read"]);
    assert!(json.stdout.contains("(scenario-box-"), "{}", json.stdout);
}

/// Only what the account is made with, and all of it in one line.
#[test]
fn made_up_values_are_told_once_and_only_if_they_are_used() {
    let more = "  Api: {Type: AWS::AppSync::GraphQLApi}\n  Topic: {Type: AWS::SNS::Topic}\n  \
                Site: {Type: AWS::S3::Bucket, Properties: {BucketName: site, WebsiteConfiguration: {IndexDocument: i}}}\n\
                Outputs: {Topic: {Value: !Ref Topic}}\n";
    let template =
        TEMPLATE.replace("'arn:aws:s3:::box/*'", "['arn:aws:s3:::box/*', !GetAtt Api.Arn, !GetAtt Api.Arn]") + more;
    let predicted = ScenarioFolder::new(SCENARIO, &template).tagproof(&["predict", "-v", "who-may-read"]);
    predicted.check(0, &[]);
    let told: Vec<_> = predicted.stdout.lines().filter(|line| line.contains("made up")).collect();
    assert_eq!(told.len(), 1, "{}", predicted.stdout);
    assert!(told[0].contains("`Api.Arn`") && !predicted.stdout.contains("`Topic`;"), "{}", predicted.stdout);
    assert!(!predicted.stderr.contains("made up"), "{}", predicted.stderr);
    for line in [
        "resource Api (AWS::AppSync::GraphQLApi): `AWS::AppSync::GraphQLApi` is not modelled",
        "property Site.WebsiteConfiguration of AWS::S3::Bucket: ",
    ] {
        assert!(predicted.stdout.contains(line), "{line}: {}", predicted.stdout);
    }
}

#[test]
fn a_launcher_is_refused_where_tagproof_does_not_decide() {
    let scenarios = ScenarioFolder::new(SCENARIO, TEMPLATE);
    let aws = ["--backend", "aws", "--i-own-this-account", "123456789012"];
    let bare = ["--backend", "http://127.0.0.1:1", "--bare"];
    let why = "error: --launcher and --image are for runs that tagproof decides: ";
    for (on, mend) in [(&aws[..], "no container is run in a real account\n"), (&bare, "leave them out, or --bare\n")] {
        for given in [["--launcher", "sdk"], ["--launcher", "docker"], ["--image", "app=true"]] {
            let run = scenarios.tagproof(&[&["run", "who-may-read"][..], on, &given].concat());
            run.check(2, &[&format!("{why}{mend}")]);
        }
    }
}

#[test]
fn snapshots_are_written_whole_or_not_at_all() {
    let scenarios = ScenarioFolder::new(SCENARIO, TEMPLATE);
    let readme = scenarios.path("who-may-read/README.md");
    std::fs::write(&readme, "# Read\n<!-- policies: made -->\n<!-- end of policies -->\n<!-- matrix: made -->\nold\n<!-- end of matrix -->\nafter\n<!-- \
         reasons: made -->\n<!-- end of reasons -->\n").unwrap();
    scenarios.tagproof(&["run", "--update-snapshots", "who-may-read"]).check(0, &[]);
    let snapshot = scenarios.path("snapshots/who-may-read@embedded.snap");
    let first = std::fs::read_to_string(&snapshot).unwrap();
    let head = "---\nsource: \"who-may-read/scenario.yaml\"\ndescription: \"Who may read\"\n---\ntagproof snapshot 2\n";
    assert!(first.starts_with(head), "{first}");
    let text = std::fs::read_to_string(&readme).unwrap();
    for part in [
        "# Read\n<!-- policies: made -->\n\n`plain`, in `user/reader/Read`:\n\n```json\n{\n  \"Effect\": \"Allow\",\n",
        "  \"Condition\": {\"StringEquals\": {\"aws:RequestTag/Status\": \"OK\"}}\n}\n```\n\n<!-- end of policies -->\n",
        "tagged  ·\n",
        "<!-- end of matrix -->\nafter\n<!-- reasons: made -->\n\n```text\n· tagged: a 1\n    no statement allows s3:GetObject: ",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }

    std::fs::write(scenarios.path("file"), "").unwrap();
    let unwritable = ["run", "--update-snapshots", "--snapshots", "file", "who-may-read"];
    scenarios.tagproof(&unwritable).check(2, &["error: cannot write file/who-may-read@embedded.snap"]);

    let first = "---\n---\nanother snapshot\n";
    std::fs::write(&snapshot, first).unwrap();
    // No byte more may be written to any file: as on a full disk, the write fails midway.
    let full = "trap '' XFSZ; ulimit -f 0; exec \"$0\" run --update-snapshots who-may-read";
    let shell = Command::new("bash")
        .args(["-c", full, env!("CARGO_BIN_EXE_tagproof")])
        .current_dir(scenarios.0.path())
        .output();
    Ended::of(shell.unwrap()).check(2, &["error: cannot write snapshots/who-may-read@embedded.snap; it is as it was"]);
    assert_eq!(std::fs::read_to_string(&snapshot).unwrap(), first);
    let left: Vec<_> = std::fs::read_dir(scenarios.path("snapshots")).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing half written is left: {left:?}");
}

#[test]
fn an_index_is_made_of_a_whole_folder_alone() {
    let scenarios = ScenarioFolder::new(SCENARIO, TEMPLATE);
    let index = scenarios.path("many/README.md");
    ["many/one", "many/two"].iter().for_each(|name| scenarios.copy_to(name));
    let empty = "<!-- by key: -->\n<!-- end of by key -->\n";
    std::fs::write(&index, empty).unwrap();
    scenarios.tagproof(&["run", "--update-snapshots", "many/one"]).check(0, &[]);
    assert_eq!(std::fs::read_to_string(&index).unwrap(), empty);
    scenarios.tagproof(&["run", "--update-snapshots", "many"]).check(0, &["wrote many/README.md"]);
    let text = std::fs::read_to_string(&index).unwrap();
    assert!(
        text.contains("\n| Key | Scenarios |\n|---|---|\n| `aws:RequestTag` | [one](one), [two](two) |\n"),
        "{text}"
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error_worth_a_line() {
    let scenarios = ScenarioFolder::new(SCENARIO, TEMPLATE);
    let shell = "set -o pipefail; \"$0\" predict who-may-read | true; exit 0";
    let gone = Command::new("bash")
        .args(["-c", shell, env!("CARGO_BIN_EXE_tagproof")])
        .current_dir(scenarios.0.path())
        .output();
    let gone = Ended::of(gone.unwrap());
    assert!(!gone.stderr.contains("panicked") && !gone.stderr.contains("error"), "{}", gone.stderr);
}

#[test]
fn help_and_completions_name_every_command() {
    let help = Ended::of(program(&["--help"]).output().unwrap());
    help.check(0, &[]);
    assert!(help.stdout.contains("\nExit codes:\n  0  "), "{}", help.stdout);
    for command in ["run", "predict", "explain", "key", "learn", "serve"] {
        assert!(help.stdout.contains(&format!("\n  {command} ")), "{command} is not in {}", help.stdout);
    }
    for shell in ["bash", "zsh", "fish"] {
        let script = Ended::of(program(&["completions", shell]).output().unwrap());
        assert!(script.check(0, &[]).stdout.contains("predict"), "{shell}");
    }
}

#[test]
fn the_repository_is_where_scenarios_are_looked_for() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let predicted = Ended::of(program(&["predict", "--json"]).current_dir(repository).output().unwrap());
    let scenarios = predicted.check(0, &[]).stdout.lines().count();
    let last = predicted.stderr.trim_end().lines().last().unwrap_or_default();
    assert!(last.starts_with(&format!("{scenarios} scenarios, ")), "{}", predicted.stderr);
}

/// A hundred lines that say nothing would push the one that does off the screen.
#[test]
fn of_many_scenarios_only_those_with_news_have_a_line() {
    let scenarios = ScenarioFolder::new(SCENARIO, TEMPLATE);
    let lines = |count: usize, flags: &[&str]| {
        (0..count).for_each(|at| scenarios.copy_to(&format!("many/of-{at:02}")));
        std::fs::write(scenarios.path("many/of-07/scenario.yaml"), SCENARIO.replace("tagged: {deny", "tagged: {allow"))
            .unwrap();
        let ended = scenarios.tagproof(&[&["predict", "many"], flags].concat());
        let lines =
            ended.check(1, &[]).stdout.lines().filter(|line| line.starts_with("of-") && line.contains(" cells, "));
        let lines: Vec<String> = lines.map(str::to_owned).collect();
        assert!(ended.total().starts_with(&format!("{count} scenarios, {} cells: 1 not as expected", 2 * count)));
        lines
    };
    assert_eq!(lines(30, &[]).len(), 30);
    let few = lines(31, &[]);
    assert!(few.len() == 1 && few[0].starts_with("of-07  "), "{few:?}");
    assert_eq!(lines(31, &["-v"]).len(), 31);
}

/// Names, JSON and patterns may be longer than any terminal: they have no place to break. clap breaks no usage line.
#[test]
fn what_is_printed_fits_the_terminal() {
    let scenarios = ScenarioFolder::new(&SCENARIO.replace("tagged: {deny: all", "tagged: {allow: all"), TEMPLATE);
    let faulty = ScenarioFolder::new(&SCENARIO.replace("StringEquals", "StringEqauls"), TEMPLATE);
    for columns in [60, 80, 120] {
        let fits = |folder: &ScenarioFolder, arguments: &[&str]| {
            let mut program = program(arguments);
            let ended =
                Ended::of(program.env("COLUMNS", columns.to_string()).current_dir(folder.0.path()).output().unwrap());
            let all = format!("{}{}", ended.stdout, ended.stderr);
            for line in all.lines().filter(|line| line.chars().count() > columns) {
                let is_one_word = line.trim_start_matches(['|', '=', ' ']).split_whitespace().count() < 3;
                let is_pasted = line.trim_start().starts_with(['"', '{']) || line.starts_with("Usage: ");
                let is_pasted = is_pasted || line.contains("Explain   tagproof ") || line.contains("`tagproof ");
                assert!(is_one_word || is_pasted, "{columns}: {line}\n{all}");
            }
            assert!(all.lines().count() > 2, "{all}");
        };
        fits(&scenarios, &["run", "-v", "who-may-read"]);
        fits(&scenarios, &["run", "--check", "who-may-read"]);
        fits(&scenarios, &["explain", "who-may-read", "tagged", "reader", "get"]);
        fits(&scenarios, &["explain", "who-may-read", "taged", "reader", "get"]);
        fits(&faulty, &["run", "who-may-read"]);
        fits(&scenarios, &["key", "aws:RequestTag", "--service", "ec2"]);
        fits(&scenarios, &["learn", "who-may-read"]);
        for command in ["", "run", "predict", "explain", "key", "learn", "fidelity", "clean"] {
            let arguments = [command, "--help"];
            fits(&scenarios, &arguments[usize::from(command.is_empty())..]);
        }
    }
}

#[test]
fn a_reason_is_broken_once() {
    let scenarios = ScenarioFolder::new(&SCENARIO.replace("tagged: {deny: all", "tagged: {allow: all"), TEMPLATE);
    for command in [&["run", "who-may-read"][..], &["run", "--check", "who-may-read"]] {
        let mut program = program(command);
        let run = Ended::of(program.env("COLUMNS", "60").current_dir(scenarios.0.path()).output().unwrap());
        let reason = "
  Reason    no statement allows s3:GetObject: statement
            `Read/1` needs StringEquals
            aws:RequestTag/Status = OK, but the request has
            no aws:RequestTag/Status (s3:GetObject never
            carries it)
";
        assert!(run.check(1, &[]).stdout.contains(reason), "{}", run.stdout);
        assert!(
            run.stdout.contains("\n  Explain   tagproof explain who-may-read tagged reader get\n"),
            "{}",
            run.stdout
        );
    }
}

#[test]
fn a_file_that_is_not_there_is_told_in_the_same_words_everywhere() {
    let scenarios = ScenarioFolder::new(&SCENARIO.replace("template.yaml", "tmplate.yaml"), TEMPLATE);
    scenarios
        .tagproof(&["run", "who-may-read"])
        .check(2, &["there is no file `tmplate.yaml`; did you mean `template.yaml`?"]);
    let told = "error: there is no file `who-may-read/templat.yaml`; did you mean `who-may-read/template.yaml`?\n";
    let file = "who-may-read/templat.yaml";
    scenarios.tagproof(&["lint", file]).check(2, &[told]);
    let asked = ["simulate", "--template", file, "--role", "R", "--action", "s3:GetObject", "--resource", "*"];
    scenarios.tagproof(&asked).check(2, &[told]);
}

/// The twelve commands that people get wrong first, in a clone: each ends within a screen, with the next step.
#[test]
fn the_twelve_commands_that_go_wrong_first_end_with_the_next_step() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for (arguments, said) in [
        (&["predict", "scenarios/ecs-task-tag/template.yaml"][..], "`tagproof lint` checks a template itself"),
        (&["explain", "ecs-task-tag"], "the letters and numbers of the matrix name them too"),
        (&["explain", "ecs-task-tag", "status-ok", "nope", "get"], "help: name an OPTION, a CALLER and a REQUEST"),
        (&["run", "nope"], "`tagproof learn` lists them by symptom"),
        (&["run", "ecs-task-tags"], "help: did you mean `ecs-task-tag`?"),
        (&["run", "ecs-task-tag", "--backend", "locastack"], "did you mean `localstack`?"),
        (&["run", "ecs-task-tag", "--backend", "aws"], "pass --i-own-this-account ACCOUNT_ID to confirm"),
        (&["serve", "--backend", "nope"], "Accepted: embedded, moto, localstack, ministack, or a URL"),
        (&["serve", "--scenario", "ecs-task-tag"], "`tagproof serve --scenario ecs-task-tag --option no-condition`"),
        (&["lint"], "a folder of these (`tagproof lint .`)"),
        (&["simulate"], "help: ask as in\n  tagproof simulate --action s3:GetObject"),
        (&["key", "aws:ReqestTag"], "help: did you mean `aws:RequestTag`?"),
    ] {
        let output = program(arguments).current_dir(&root).output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
        assert!(text.contains(said), "{arguments:?}: `{said}` is not in\n{text}");
        assert!(text.lines().count() <= 24, "{arguments:?} needs more than one screen:\n{text}");
    }
}

#[test]
fn colours_are_for_terminals_and_for_who_asks() {
    let scenarios = ScenarioFolder::new(&SCENARIO.replace("tagged: {deny: all", "tagged: {allow: all"), TEMPLATE);
    let faulty = ScenarioFolder::new(&SCENARIO.replace("StringEquals", "StringEqauls"), TEMPLATE);
    for (folder, command) in [
        (&scenarios, &["run", "-v", "who-may-read"][..]),
        (&scenarios, &["explain", "who-may-read", "tagged", "reader", "get"]),
        (&scenarios, &["explain", "who-may-read", "taged", "reader", "get"]),
        (&faulty, &["run", "who-may-read"]),
        (&scenarios, &["key", "ec2:RunInstances"]),
        (&scenarios, &["learn", "who-may-read"]),
    ] {
        for (arguments, variables, coloured) in [
            (&[][..], &[][..], false),
            (&["--color", "always"], &[], true),
            (&[], &[("CLICOLOR_FORCE", "1")], true),
            (&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
            (&["--color", "never"], &[("CLICOLOR_FORCE", "1")], false),
            (&["--color", "always"], &[("NO_COLOR", "1")], true),
        ] {
            let mut program = program(&[command, arguments].concat());
            let ended = Ended::of(program.envs(variables.to_vec()).current_dir(folder.0.path()).output().unwrap());
            let all = format!("{}{}", ended.stdout, ended.stderr);
            assert_eq!(all.contains('\u{1b}'), coloured, "{command:?} {arguments:?} {variables:?}: {all:?}");
        }
    }
}
