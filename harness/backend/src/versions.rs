//! The emulators whose behaviour is known, each in one version: another may answer otherwise.

/// One emulator.
#[derive(Debug)]
pub struct Emulator {
    /// As `--backend` and file names have it.
    pub name: &'static str,
    /// As its makers write it.
    pub title: &'static str,
    /// The one version that is started unless another is asked for.
    pub version: &'static str,
    /// The image, without its tag, which is the version.
    pub image: &'static str,
    /// Where it listens inside the container.
    pub port: u16,
    /// What answers 200 once it serves.
    pub health: &'static str,
    /// Whether 12 digits as access key id are the root user of that account; else there is one account, that of
    /// [`Options::account`](crate::Options::account).
    pub(crate) keys_are_accounts: bool,
    /// What it is told once it serves: a path, and what is posted there.
    pub(crate) told: Option<(&'static str, &'static str)>,
    /// How it runs without Docker, if it does.
    pub package: Option<Package>,
}

/// An emulator from PyPI.
#[derive(Debug)]
pub struct Package {
    /// What is installed, as pip reads it, all pinned by version and hash: what an emulator does, its libraries decide as
    /// well.
    pub requirements: &'static str,
    /// The program that serves on a port of its own choice, on loopback, and prints the URL.
    pub(crate) launcher: &'static str,
}

/// moto, <https://docs.getmoto.org>.
pub static MOTO: Emulator = Emulator {
    name: "moto",
    title: "moto",
    version: "5.2.5",
    image: "motoserver/moto",
    port: 5000,
    health: "/moto-api/",
    keys_are_accounts: false,
    // Its tasks would go on to the next status, and end, each time that somebody looks at them.
    // docs.getmoto.org/en/latest/docs/configuration/state_transition/index.html
    told: Some((
        "/moto-api/state-manager/set-transition",
        r#"{"model_name": "ecs::task", "transition": {"progression": "manual", "times": 1000000000}}"#,
    )),
    package: Some(Package {
        requirements: include_str!("python/moto.txt"),
        launcher: concat!(include_str!("python/leash.py"), include_str!("python/moto.py")),
    }),
};

/// LocalStack, <https://docs.localstack.cloud>. This is the last version that starts without a token; every newer one
/// wants `LOCALSTACK_AUTH_TOKEN`. On PyPI there is only its command line.
pub static LOCALSTACK: Emulator = Emulator {
    name: "localstack",
    title: "LocalStack",
    version: "4.14.0",
    image: "localstack/localstack",
    port: 4566,
    health: "/_localstack/health",
    keys_are_accounts: true,
    told: None,
    package: None,
};

/// MiniStack, <https://github.com/ministackorg/ministack>.
pub static MINISTACK: Emulator = Emulator {
    name: "ministack",
    title: "MiniStack",
    version: "1.5.33",
    image: "ministackorg/ministack",
    port: 4566,
    health: "/_ministack/health",
    keys_are_accounts: true,
    told: None,
    package: Some(Package {
        requirements: include_str!("python/ministack.txt"),
        launcher: concat!(include_str!("python/leash.py"), include_str!("python/ministack.py")),
    }),
};

/// All of them.
pub static TABLE: [&Emulator; 3] = [&MOTO, &LOCALSTACK, &MINISTACK];

impl Emulator {
    /// Whether `version` wants a token: LocalStack does after 4.14.0, and for tags that are no number, `latest` for one.
    pub(crate) fn wants_token(&self, version: &str) -> bool {
        self.name == LOCALSTACK.name && !at_most(version, self.version)
    }
}

/// Whether a version, numbers between dots, is no newer than another. `latest` and its like are newer than any.
fn at_most(version: &str, other: &str) -> bool {
    let numbers = |text: &str| text.split('.').map(|part| part.parse::<u32>().ok()).collect::<Option<Vec<u32>>>();
    matches!((numbers(version), numbers(other)), (Some(version), Some(other)) if version <= other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn localstack_after_the_pinned_version_wants_a_token() {
        let check = |version, wants| assert_eq!(LOCALSTACK.wants_token(version), wants, "{version}");
        check("4.14.0", false);
        check("4.9.2", false);
        check("3.8", false);
        check("4.14.1", true);
        check("2026.3.0", true);
        check("latest", true);
        check("", true);
        assert!(!MOTO.wants_token("latest"));
    }

    #[test]
    fn requirements_pin_everything_and_the_emulator_to_its_version() {
        for emulator in TABLE {
            let Some(package) = &emulator.package else { continue };
            let lines: Vec<&str> = package.requirements.lines().filter(|line| !line.starts_with('#')).collect();
            let hashed = |line: &str| line.trim_start().starts_with("--hash=sha256:");
            let pins: Vec<&str> =
                lines.iter().filter(|line| !hashed(line)).map(|line| line.trim_end_matches(" \\")).collect();
            assert!(pins.contains(&format!("{}=={}", emulator.name, emulator.version).as_str()), "{}", emulator.name);
            assert!(pins.iter().all(|pin| pin.matches("==").count() == 1), "{pins:?}");
            for pair in lines.windows(2) {
                assert!(hashed(pair[0]) || hashed(pair[1]), "{}", pair[0]);
            }
        }
    }

    #[test]
    fn compose_and_stand_ins_are_of_the_same_versions() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for file in ["docker-compose.yml", ".ci/images/build"] {
            let text = std::fs::read_to_string(root.join(file)).unwrap();
            for emulator in TABLE {
                let image = format!("{}:{}", emulator.image, emulator.version);
                assert!(text.split_whitespace().any(|word| word == image), "{file}: {image}");
            }
        }
    }
}
