//! Names and files that mean harm: nothing hidden leaves in what is printed or written, and what is no file is not read.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use rstest::rstest;
use tempfile::TempDir;

/// Turns what follows around, and steers a terminal in three ways.
const MARK: &str = "\u{202e}\u{9b}31m\u{200b}\u{e0041}";
/// The same and what text cannot hold everywhere.
const NAME: &str = "a\u{202e}\u{9b}31m\u{200b}\u{1b}[8m\u{7f}b.json";
const USER: &str = "arn:aws:iam::123456789012:user/ann";

/// A folder with a scenario, a policy and a template, full of marks.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name.replace('¦', MARK));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text.replace('¦', MARK)).unwrap();
    };
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Sid": "¦", "Effect": "Allow", "Action": ["s3:Get¦", "s3:GetObject"],
        "Resource": "arn:aws:s3:::box/¦*", "Condition": {"StringEquals": {"aws:PrincipalTag/¦": "¦", "aws:Tag¦": "v"}}, "¦": 1}]}"#;
    write(NAME, policy);
    write("fine.json", &policy.replace(r#""Sid": "¦", "#, "").replace(r#", "¦": 1"#, ""));
    write("broken.json", "{\"Statement\": ¦}");
    write(
        "scenarios/s¦/README.md",
        "# R\n\nStory ¦.\n\n<!-- policies: -->\n<!-- end of policies -->\n<!-- matrix: -->\n\
                                     <!-- end of matrix -->\n<!-- reasons: -->\n<!-- end of reasons -->\n",
    );
    write(
        "scenarios/s¦/template.yaml",
        "Resources:\n  Reader:\n    Type: AWS::IAM::User\n    Properties:\n      UserName: reader\n\
        \x20     Tags: [{Key: k, Value: a}]\n      Policies:\n        - PolicyName: Read\n          PolicyDocument:\n\
        \x20           Statement: {Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::box/*'}\n",
    );
    write(
        "scenarios/s¦/scenario.yaml",
        "title: Who ¦ may read\ntemplate: {file: template.yaml}\n\
        given: {buckets: {box: {objects: {key: {body: content}}}}}\nunder-test: Reader/Read/1\noptions:\n  plain: {}\n\
        \x20 tagged: {condition: {StringEquals: {'aws:PrincipalTag/k': \"b\u{9b}\u{ad}\"}}}\ncallers:\n  reader: {user: reader}\n\
        requests:\n  get: {call: s3:GetObject, bucket: box, key: key}\nexpect:\n  plain: {deny: all, because: '¦'}\n\
        \x20 tagged: {deny: all, because: the value ¦ is another}\n",
    );
    folder
}

/// Exit code, and all that was printed.
fn tagproof(folder: &Path, arguments: &[&str], input: &str) -> (i32, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_tagproof"));
    program.args(arguments).current_dir(folder);
    let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // It may end without reading.
    let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), text)
}

/// Nothing is hidden in a text but colours, in which no number hides what follows.
#[track_caller]
fn is_open(what: &str, text: &str) {
    let mut plain = text.to_owned();
    for style in ["0", "1", "31", "32", "33", "36", "91", "92", "93", "94", "96"] {
        plain = plain.replace(&format!("\u{1b}[{style}m"), "");
    }
    let shown = source::escaped_lines(&plain);
    let at = shown.chars().zip(plain.chars()).take_while(|(one, other)| one == other).count();
    assert_eq!(shown, plain, "{what}, at {:?}", plain.chars().skip(at).take(20).collect::<String>());
}

#[rstest]
#[case::lint(&["lint", NAME, "broken.json", "fine.json"])]
#[case::lint_json(&["lint", "--json", NAME, "broken.json"])]
#[case::lint_coloured(&["--color", "always", "lint", NAME, "broken.json"])]
#[case::lint_a_folder(&["lint", "."])]
#[case::lint_what_is_missing(&["lint", "no\u{202e}\u{1b}[8m"])]
#[case::lint_no_kind(&["lint", "--kind", "\u{202e}\u{1b}[8m\u{9b}", "fine.json"])]
#[case::simulate(&["simulate", "--identity", "fine.json", "--principal", USER, "--action", "s3:GetObject", "--resource",
    "arn:aws:s3:::box/\u{202e}\u{9b}", "--context", "aws:PrincipalTag/k", "\u{202e}\u{1b}[8m", "--trace"])]
#[case::simulate_json(&["simulate", "--identity", "fine.json", "--principal", USER, "--action", "s3:GetObject", "--resource",
    "arn:aws:s3:::box/\u{202e}\u{9b}", "--context", "aws:PrincipalTag/k", "\u{202e}\u{7f}", "--trace", "--json"])]
#[case::simulate_what_is_wrong(&["--color", "always", "simulate", "--identity", NAME, "--principal", "\u{202e}", "--action",
    "s3:\u{1b}[8m", "--resource", "\u{9b}"])]
#[case::key(&["key", "aws:\u{202e}\u{1b}[8m"])]
#[case::key_of_a_policy(&["--color", "always", "key", "aws:PrincipalTag", "--policy", "fine.json"])]
#[case::predict(&["predict", "-v", "scenarios"])]
#[case::predict_json(&["predict", "--json", "scenarios"])]
#[case::predict_coloured(&["--color", "always", "predict", "-v", "scenarios"])]
#[case::explain(&["explain", "scenarios/s\u{202e}\u{9b}31m\u{200b}\u{e0041}", "plain", "reader", "get"])]
#[case::explain_json(&["explain", "--json", "scenarios/s\u{202e}\u{9b}31m\u{200b}\u{e0041}", "plain", "reader", "get"])]
#[case::no_scenario(&["predict", "scenarios/\u{202e}\u{1b}[8m"])]
#[case::learn(&["learn", "s\u{202e}\u{9b}31m\u{200b}\u{e0041}"])]
#[case::no_such_argument(&["lint", "--\u{202e}\u{1b}[8m"])]
fn nothing_hidden_is_printed(#[case] arguments: &[&str]) {
    let folder = folder();
    let (_, text) = tagproof(folder.path(), arguments, "\u{202e}\u{1b}[8m\na\nd\nd\n");
    is_open("what is printed", &text);
    assert!(text.contains(r"\u202e"), "{text}");
}

#[test]
fn json_stays_the_value_that_it_is() {
    let folder = folder();
    let id = format!("{MARK}\u{7f}");
    let line = format!(
        r#"{{"id":"{id}","principal":"{USER}","action":"s3:GetObject","resource":"arn:aws:s3:::b/{MARK}","policies":{{"identity":[]}}}}"#
    );
    let (code, text) = tagproof(folder.path(), &["simulate", "--batch", "-", "--trace"], &line);
    is_open("an answer", &text);
    let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, answer["id"].as_str()), (0, Some(id.as_str())), "{text}");
    let (_, text) = tagproof(folder.path(), &["predict", "--json", "scenarios"], "");
    let results: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(results["title"], format!("Who {MARK} may read"));
}

#[test]
fn nothing_hidden_is_written() {
    let folder = folder();
    let (_, text) = tagproof(folder.path(), &["run", "--update-snapshots", "scenarios"], "");
    is_open("what is printed", &text);
    // Its expectations are not met: the snapshot is not written, and says so.
    let scene = folder.path().join(format!("scenarios/s{MARK}"));
    let scenario = fs::read_to_string(scene.join("scenario.yaml")).unwrap();
    fs::write(scene.join("scenario.yaml"), scenario.replace("{deny: all, because: '", "{allow: all, because: '"))
        .unwrap();
    let (code, text) = tagproof(folder.path(), &["run", "--update-snapshots", "scenarios"], "");
    assert_eq!(code, 0, "{text}");
    let snapshot = folder.path().join(format!("snapshots/s{MARK}@embedded.snap"));
    is_open("the snapshot", &fs::read_to_string(snapshot).unwrap());
    let readme = fs::read_to_string(scene.join("README.md")).unwrap();
    let (_, made) = readme.split_once("<!-- policies").unwrap();
    is_open("the README", made);
    assert!(made.contains(r"b\u009b\u00ad"), "{made}");
    assert_eq!(tagproof(folder.path(), &["run", "--check", "scenarios"], "").0, 0);
}

#[test]
fn a_document_that_is_asked_for_stays_byte_for_byte() {
    let folder = folder();
    let policy = format!("# {MARK}\nStatement:\n- {{Effect: Allow, Action: 's3:GetObject', Resource: '*'}}\n");
    let (_, text) = tagproof(folder.path(), &["lint", "--fix", "--ignore", "MISSING_VERSION", "-"], &policy);
    assert!(text.starts_with(&policy), "{text}");
}

/// What a path leads to: a folder, a pipe, a device, the kernel's own, something too large, somebody's secret.
const SECRET: &str = "root:$6$c2VjcmV0:19000:0:99999:7:::\n";
/// One that has a name of a policy's, and not what stands behind it in a policy.
const STATEMENT: &str = "{\"Statement\": \"of May\",\n \"password\": \"$6$c2VjcmV0\"}\n";

#[rstest]
#[case("pipe", "it is a pipe; name a file that somebody wrote")]
#[case("zero", "it is a device; name a file that somebody wrote")]
#[case("socket", "it is a socket or a device; name a file that somebody wrote")]
#[case("environ", "it is made up by the kernel while it is read; name a file that somebody wrote")]
#[case("large", "it has more than 16777216 bytes")]
#[case("secret", "it has nothing of a policy, a template or a scenario")]
#[case("statement", "it has nothing of a policy, a template or a scenario")]
fn what_is_no_file_of_ours_is_refused_in_a_line(#[case] name: &str, #[case] why: &str) {
    let folder = folder();
    let path = folder.path().join(name);
    let _socket = match name {
        "pipe" => {
            assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
            None
        }
        "zero" => symlink("/dev/zero", &path).map(|()| None).unwrap(),
        "environ" => symlink("/proc/self/environ", &path).map(|()| None).unwrap(),
        "socket" => Some(std::os::unix::net::UnixListener::bind(&path).unwrap()),
        "statement" => fs::write(&path, STATEMENT).map(|()| None).unwrap(),
        "large" => fs::File::create(&path).unwrap().set_len(64 << 30).map(|()| None).unwrap(),
        _ => fs::write(&path, SECRET).map(|()| None).unwrap(),
    };
    let ask = ["--principal", USER, "--action", "s3:GetObject", "--resource", "arn:aws:s3:::b/k"];
    // The details of an account may be larger.
    let details: &[&str] = if name == "large" { &[] } else { &["simulate", "--account-details", name] };
    for arguments in [
        &["lint", name][..],
        &["key", "aws:PrincipalTag", "--policy", name],
        &[&["simulate", "--identity", name][..], &ask].concat(),
        &[&["simulate", "--scp", name][..], &ask].concat(),
        &[&["simulate", "--template", name, "--role", "r"][..], &ask[2..]].concat(),
        &[details, if details.is_empty() { &[] } else { &ask }].concat(),
    ] {
        if arguments.is_empty() {
            continue;
        }
        let (code, text) = tagproof(folder.path(), arguments, "");
        assert_eq!(code, 2, "{arguments:?}: {text}");
        assert!(text.starts_with(&format!("error: cannot read {name}: {why}")), "{arguments:?}: {text}");
        assert!(text.lines().count() <= 1 && !text.contains("$6$"), "{arguments:?}: {text}");
    }
    // A scenario's template, and a scenario.
    let scene = folder.path().join(format!("scenarios/s{MARK}"));
    for file in ["template.yaml", "scenario.yaml"] {
        fs::remove_file(scene.join(file)).unwrap();
        symlink(&path, scene.join(file)).unwrap();
        let scenario = scene.join("scenario.yaml");
        let (code, text) = tagproof(folder.path(), &["lint", scenario.to_str().unwrap()], "");
        assert!(code > 0 && text.contains(why) && !text.contains("$6$"), "{file}: {text}");
    }
    if !["large", "secret", "statement"].contains(&name) {
        let (code, text) = tagproof(folder.path(), &["simulate", "--batch", name], "");
        assert!(code == 2 && text.contains(why), "{text}");
    }
}

#[test]
fn of_a_file_that_holds_no_questions_nothing_is_shown() {
    let folder = folder();
    fs::write(folder.path().join("secret"), SECRET).unwrap();
    let (code, text) = tagproof(folder.path(), &["simulate", "--batch", "secret"], "");
    assert!(code == 2 && !text.contains("root") && text.contains("does not begin with `{`"), "{text}");
}
