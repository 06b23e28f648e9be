//! Whose a container, a network or a folder is, so that what nobody owns any more can be told from what somebody uses.

use std::fmt;
use std::str::FromStr;

/// A process: of all that ever were, not only of those that are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    pid: u32,
    /// When it started; its number alone is given to others later.
    started: String,
    /// Where that number means this process: the boot, the PID namespace and the user. Elsewhere nothing can be said of it.
    space: String,
}

/// What can be said of an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// It runs.
    Alive,
    /// It has ended.
    Dead,
    /// It is, or was, on another machine, in a container, before a reboot, or somebody else's.
    Unknown,
}

impl Owner {
    /// This process.
    #[must_use]
    pub fn this() -> Self {
        let pid = std::process::id();
        Self { pid, started: system::started(pid).unwrap_or_default(), space: system::space() }
    }

    /// What can be said of it, seen from `here`.
    #[must_use]
    pub fn life(&self, here: &Owner) -> Life {
        self.life_where(here, system::started)
    }

    fn life_where(&self, here: &Owner, started: impl Fn(u32) -> Option<String>) -> Life {
        if self.space != here.space || self.started.is_empty() {
            return Life::Unknown;
        }
        match started(self.pid) {
            Some(since) if since == self.started => Life::Alive,
            _ => Life::Dead,
        }
    }
}

/// `PID.STARTED.SPACE`, good for labels and file names.
impl fmt::Display for Owner {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}.{}", self.pid, self.started, self.space)
    }
}

impl FromStr for Owner {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split('.');
        let mut part = || parts.next().ok_or(());
        let owner =
            Self { pid: part()?.parse().map_err(drop)?, started: part()?.to_owned(), space: part()?.to_owned() };
        if parts.next().is_some() { Err(()) } else { Ok(owner) }
    }
}

/// Letters and digits alone: what a label, a file name and [`Owner`]'s own text can hold.
fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs;
    use std::os::unix::fs::MetadataExt;

    use super::plain;

    /// When a process started, in ticks since the boot; None if there is none, or one that has ended and that nobody has
    /// waited for.
    pub(super) fn started(pid: u32) -> Option<String> {
        super::started_of(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }

    pub(super) fn space() -> String {
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let namespace = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
        let user = fs::metadata("/proc/self").map(|process| process.uid()).unwrap_or_default();
        format!("{}n{}u{user}", plain(&boot), plain(&namespace.to_string_lossy()))
    }
}

/// The start time in a line of `/proc/PID/stat` (proc(5)): field 22, and field 3 is the state. Field 2, the program's name,
/// stands in brackets and can hold anything.
#[cfg(any(test, target_os = "linux"))]
fn started_of(stat: &str) -> Option<String> {
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    if matches!(*fields.first()?, "Z" | "X") {
        return None;
    }
    Some((*fields.get(19)?).to_owned())
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::process::Command;

    use super::plain;

    pub(super) fn started(pid: u32) -> Option<String> {
        said_by("ps", &["-o", "lstart=", "-p", &pid.to_string()])
    }

    pub(super) fn space() -> String {
        let boot = said_by("sysctl", &["-n", "kern.bootsessionuuid"]).unwrap_or_default();
        format!("{boot}u{}", said_by("id", &["-u"]).unwrap_or_default())
    }

    fn said_by(program: &str, arguments: &[&str]) -> Option<String> {
        let output = Command::new(program).args(arguments).output().ok()?;
        Some(plain(&String::from_utf8_lossy(&output.stdout))).filter(|said| !said.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(text: &str) -> Owner {
        text.parse().unwrap()
    }

    #[test]
    fn text_is_read_back() {
        for text in ["17.4711.bootnpid4026531836u0", "1..x"] {
            assert_eq!(owner(text).to_string(), text);
        }
        for text in ["", "17", "17.4711", "x.4711.boot", "17.4711.boot.more", "-1.1.b"] {
            assert_eq!(text.parse::<Owner>(), Err(()), "{text}");
        }
        let this = Owner::this();
        assert_eq!(owner(&this.to_string()), this);
    }

    #[test]
    fn who_lives() {
        let here = owner("1.1.boot");
        let processes = |pid| (pid == 17).then(|| "4711".to_owned());
        let check = |text: &str, life| assert_eq!(owner(text).life_where(&here, processes), life, "{text}");
        check("17.4711.boot", Life::Alive);
        check("17.4712.boot", Life::Dead); // another process has got the number
        check("18.4711.boot", Life::Dead);
        check("17.4711.otherboot", Life::Unknown);
        check("18.4711.otherboot", Life::Unknown);
        check("17..boot", Life::Unknown);
    }

    #[test]
    fn this_process_lives_and_one_that_ended_does_not() {
        let this = Owner::this();
        assert_eq!(this.life(&this), Life::Alive);
        let mut child = std::process::Command::new("sh")
            .args(["-c", "read line"])
            .stdin(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let other = Owner { pid: child.id(), started: system::started(child.id()).unwrap(), space: this.space.clone() };
        assert_eq!(other.life(&this), Life::Alive);
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(other.life(&this), Life::Dead);
    }

    #[test]
    fn a_start_time_is_found_behind_any_name() {
        let fields = "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20 21";
        for name in ["cat", "a b", ") S 1 1 1 (", ""] {
            assert_eq!(started_of(&format!("17 ({name}) S {fields}")).as_deref(), Some("4711"), "{name}");
        }
        assert_eq!(started_of(&format!("17 (cat) Z {fields}")), None);
        assert_eq!(started_of("17 (cat) S 1 2"), None);
        assert_eq!(started_of(""), None);
    }
}
