//! `tagproof serve` as its users start it: by itself, for a command, and with the world of a scenario.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Asks for an object without a signature, as the shell of a command can.
const ANONYMOUS: &str = "\
    place=${AWS_ENDPOINT_URL#http://}
    exec 3<>/dev/tcp/${place%:*}/${place#*:}
    printf 'GET /reports/%s HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\n\\r\\n' \"$KEY\" \"$place\" >&3
    head -n 1 <&3";

/// In a group of its own, so that it is in no terminal's foreground.
fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tagproof"));
    command.args(arguments).env_clear().env("PATH", env!("PATH")).stdin(Stdio::null()).process_group(0);
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    command
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

fn ended(arguments: &[&str]) -> Ended {
    Ended::of(program(arguments).output().unwrap())
}

/// Serves for a script of bash.
fn shell(options: &[&str], script: &str) -> Command {
    program(&[&["serve"], options, &["--", "bash", "-c", script]].concat())
}

fn kill(signal: &str, pid: u32) {
    let pid = pid.to_string();
    assert!(Command::new("bash").args(["-c", "kill \"-$0\" \"$1\"", signal, &pid]).status().unwrap().success());
}

/// A served account that ends with the test.
struct Served {
    child: Child,
    url: String,
    rest: BufReader<ChildStdout>,
}

impl Served {
    fn start(arguments: &[&str]) -> Self {
        let mut command = program(&["serve", "--port", "0"]);
        let mut child = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut rest = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        rest.read_line(&mut line).unwrap();
        let url = line.trim_end().strip_prefix("export AWS_ENDPOINT_URL=http://").unwrap().to_owned();
        Self { child, url, rest }
    }

    fn ask(&self, request: &str) -> String {
        self.ask_with(request, "")
    }

    /// As whoever has a root key, in base64.
    fn ask_as(&self, key: &str, request: &str) -> String {
        self.ask_with(request, &format!("Authorization: Basic {key}\r\n"))
    }

    fn ask_with(&self, request: &str, header: &str) -> String {
        let mut stream = TcpStream::connect(&self.url).unwrap();
        let head = format!(
            "{request} HTTP/1.1\r\nHost: {}\r\n{header}Connection: close\r\nContent-Length: 0\r\n\r\n",
            self.url
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn serve_prints_what_a_shell_needs_and_stops_when_asked() {
    for signal in ["INT", "TERM"] {
        let mut served = Served::start(&["--root-key", "ID:a/secret", "--account", "000000000001"]);
        assert!(served.ask("GET /_tagproof/health").starts_with("HTTP/1.1 200 "));
        assert!(served.ask("GET /_localstack/health").contains("\"s3\""));
        assert!(served.ask("POST /_tagproof/reset").starts_with("HTTP/1.1 401 "));
        assert!(served.ask_as("SUQ6YS9zZWNyZXQ=", "POST /_tagproof/reset").starts_with("HTTP/1.1 200 "));
        kill(signal, served.child.id());
        assert_eq!(served.child.wait().unwrap().code(), Some(0), "{signal}");
        let mut printed = String::new();
        served.rest.read_to_string(&mut printed).unwrap();
        let expected = "export AWS_REGION=us-east-1\nexport AWS_DEFAULT_REGION=us-east-1\n\
                        export AWS_ACCESS_KEY_ID=ID\nexport AWS_SECRET_ACCESS_KEY=a/secret\n\
                        unset AWS_SESSION_TOKEN AWS_PROFILE\n";
        assert_eq!(printed, expected);
    }
}

#[test]
fn a_port_in_use_is_one_clear_line() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let refused = ended(&["serve", "--port", &port]);
    let line = format!("error: cannot listen on 127.0.0.1:{port}; choose another port with --port, or --port 0");
    refused.check(2, &[&line]);
    assert_eq!(refused.stderr.lines().count(), 1, "{}", refused.stderr);
}

#[test]
fn what_cannot_be_served_is_told_with_what_to_do() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = format!("http://127.0.0.1:{free}");
    let silent = ended(&["serve", "--port", "0", "--backend", &nobody]);
    silent.check(2, &[&nobody, "it gives no answer: Connection refused", "help: nothing answers there; start it"]);
    ended(&["serve", "--backend", "aws"])
        .check(2, &["`serve` cannot stand in front of AWS", "tagproof run --backend aws"]);
    ended(&["serve", "--backend", "nope"]).check(2, &["Accepted: embedded, moto, localstack, ministack, or a URL"]);
    ended(&["serve", "--backend", "mosto"]).check(2, &["did you mean `moto`?"]);
    ended(&["serve", "--backend", "ftp://a"]).check(2, &["the URL must begin with http:// or https://"]);
    ended(&["serve", "--account", "12"]).check(2, &["expected an account id: 12 digits"]);
    ended(&["serve", "--root-key", "x"]).check(2, &["expected ID:SECRET"]);
    ended(&["serve", "--", "no-such-program"]).check(2, &["error: cannot run `no-such-program`: No such file"]);
    let world = ["serve", "--scenario", "scenarios/ecs-launcher-fence"];
    let told =
        ["--option is missing", "\noptions: ", "`tagproof serve --scenario scenarios/ecs-launcher-fence --option "];
    ended(&world).check(2, &told);
    ended(&[&world[..], &["--option", "fence"]].concat()).check(2, &["no option `fence`; did you mean `fenced`?"]);
    let caller = [&world[..], &["--option", "fenced", "--caller", "nobody"]].concat();
    ended(&caller).check(2, &["no caller `nobody`; there are launcher-ok, launcher-plain, "]);
    ended(&["serve", "--caller", "launcher-ok"]).check(2, &["--scenario"]);
}

#[test]
fn a_command_has_the_variables_and_none_of_the_users_own_and_its_exit_code_is_kept() {
    let script = "echo $AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY $AWS_REGION $AWS_DEFAULT_REGION $AWS_ENDPOINT_URL
        echo ${AWS_PROFILE-none} ${AWS_SESSION_TOKEN-none} ${AWS_ENDPOINT_URL_S3-none} $AWS_CONFIG_FILE $AWS_PAGER; exit 7";
    let mut command = shell(&[], script);
    for name in ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3", "AWS_CONFIG_FILE"] {
        command.env(name, "mine");
    }
    let ran = Ended::of(command.env("AWS_PAGER", "cat").output().unwrap());
    ran.check(7, &["serving account 123456789012 on http://127.0.0.1:", "; it ends with `bash`"]);
    let (first, second) = ran.stdout.split_once('\n').unwrap();
    assert!(first.starts_with("test test us-east-1 us-east-1 http://127.0.0.1:"), "{first}");
    assert_eq!(second, "none none none /dev/null cat\n");
    Ended::of(shell(&[], "kill -KILL $$").output().unwrap()).check(137, &[]);
}

#[test]
fn signals_are_passed_on_and_the_command_says_how_it_ends() {
    for (signal, code) in [("TERM", 3), ("INT", 4), ("HUP", 5)] {
        let script = "trap 'exit 3' TERM; trap 'exit 4' INT; trap 'exit 5' HUP; echo ready; read -r _; exit 6";
        let mut command = shell(&[], script);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let _open = child.stdin.take();
        let mut ready = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        assert_eq!(ready, "ready\n");
        kill(signal, child.id());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
    }
}

#[test]
fn nothing_that_the_command_has_started_outlives_it() {
    let ran = Ended::of(shell(&[], "sleep 1000 >/dev/null 2>&1 & echo $!").output().unwrap());
    let process = PathBuf::from(format!("/proc/{}/stat", ran.check(0, &[]).stdout.trim_end()));
    // It was killed before `serve` ended, and may still be waited for by the process that took it over.
    let deadline = Instant::now() + Duration::from_secs(10);
    let is_there = || std::fs::read_to_string(&process).is_ok_and(|stat| !stat.contains(") Z "));
    while is_there() {
        assert!(Instant::now() < deadline, "{} is still there", process.display());
        std::thread::yield_now();
    }
}

#[test]
fn each_denial_is_a_line_on_stderr_with_its_reason() {
    let world = ["--scenario", "scenarios/ecs-launcher-fence", "--option", "fenced"];
    let ask = |options: &[&str], key: &str| {
        let mut command = shell(&[&world[..], options].concat(), ANONYMOUS);
        Ended::of(command.env("KEY", key).output().unwrap())
    };
    let denied = ask(&[], "a%0A%1B[31m");
    let line = r"denied  s3:GetObject arn:aws:s3:::reports/a\n\u001b[31m  anonymous  implicitly: ";
    assert_eq!(denied.check(0, &[line]).stdout, "HTTP/1.1 403 Forbidden\r\n");
    assert!(!denied.stderr.contains("\nallowed"), "{}", denied.stderr);
}

#[test]
fn a_world_of_a_scenario_says_how_to_act_as_each_caller() {
    let world = ["--scenario", "scenarios/ecs-launcher-fence", "--option", "fenced"];
    let ran = Ended::of(shell(&world, "echo $AWS_ACCESS_KEY_ID").output().unwrap());
    assert_eq!(ran.check(0, &[]).stdout, "test\n");
    assert!(!ran.stderr.contains("AWS_"), "a command needs no other's keys: {}", ran.stderr);
    let mut served = Served::start(&world);
    kill("TERM", served.child.id());
    assert_eq!(served.child.wait().unwrap().code(), Some(0));
    let mut told = String::new();
    served.child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    let line = |name: &str| told.lines().find(|line| line.ends_with(&format!("  # {name}"))).unwrap();
    assert!(line("the root user").contains("AWS_ACCESS_KEY_ID=test"), "{told}");
    let user = "unset AWS_SESSION_TOKEN AWS_PROFILE; export AWS_ACCESS_KEY_ID=AKIA";
    assert!(line("launcher-ok").starts_with(user), "{told}");
    let task = "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_PROFILE; export \
                AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:";
    assert!(line("ok-task").starts_with(task), "{told}");

    let as_user = shell(&[&world[..], &["--caller", "launcher-ok"]].concat(), "echo $AWS_ACCESS_KEY_ID").output();
    let as_user = Ended::of(as_user.unwrap());
    assert!(as_user.check(0, &[]).stdout.starts_with("AKIA"), "{}", as_user.stdout);
    let script = "echo ${AWS_ACCESS_KEY_ID-none} $AWS_CONTAINER_CREDENTIALS_FULL_URI";
    let as_task = Ended::of(shell(&[&world[..], &["--caller", "ok-task"]].concat(), script).output().unwrap());
    assert!(as_task.check(0, &[]).stdout.starts_with("none http://127.0.0.1:"), "{}", as_task.stdout);
}

#[test]
fn a_reset_brings_back_the_world_of_the_scenario() {
    let served = Served::start(&["--scenario", "scenarios/ecs-launcher-fence", "--option", "fenced"]);
    let is_there = |bucket: &str| !served.ask(&format!("GET /{bucket}/key")).contains("NoSuchBucket");
    assert!(is_there("reports") && !is_there("box"));
    assert!(served.ask_as("dGVzdDp0ZXN0", "POST /_tagproof/reset").starts_with("HTTP/1.1 200 "));
    assert!(is_there("reports") && !is_there("box"));
}
