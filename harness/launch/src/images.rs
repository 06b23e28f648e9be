//! What stands for an image: a program, or another image.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ecs::ContainerBrief;

/// Images whose entry point is known.
const KNOWN: &[(&str, &str)] = &[("public.ecr.aws/aws-cli/aws-cli", "aws"), ("amazon/aws-cli", "aws")];

/// What stands for images: programs for processes, other images in Docker.
#[derive(Clone, Debug, Default)]
pub struct Images(BTreeMap<String, String>);

impl Images {
    /// Lets something stand for an image, tags and digests left out. For processes it is a program; an empty one says
    /// that the image has no entry point, and its command names the program. In Docker it is another image.
    pub fn map(&mut self, image: &str, other: &str) {
        self.0.insert(repository(image).to_owned(), other.to_owned());
    }

    /// Whether something was said of an image.
    pub(crate) fn has(&self, image: &str) -> bool {
        self.0.contains_key(repository(image))
    }

    /// The image to run for one, with its tag: without one, Docker would pull all that there are.
    pub(crate) fn image(&self, image: &str) -> String {
        let image = self.0.get(repository(image)).map_or(image, String::as_str);
        if repository(image) == image { format!("{image}:latest") } else { image.to_owned() }
    }

    /// The program that stands for an image.
    fn of(&self, image: &str) -> Option<&str> {
        let repository = repository(image);
        let known = || KNOWN.iter().find(|(known, _)| *known == repository).map(|(_, program)| *program);
        self.0.get(repository).map(String::as_str).or_else(known)
    }

    /// The program of a container with its arguments.
    ///
    /// # Errors
    /// Why there is none, in words that say what to do.
    pub(crate) fn program(&self, container: &ContainerBrief) -> Result<(PathBuf, Vec<String>), String> {
        let image = &container.image;
        let entry = self.of(image).ok_or_else(|| {
            format!("no program stands for the image {image}: say which with --image {}=PROGRAM", repository(image))
        })?;
        // An entry point of the task definition's own replaces the image's.
        let own = container.entry_point.clone().filter(|words| !words.is_empty());
        let entry = own.unwrap_or_else(|| if entry.is_empty() { Vec::new() } else { vec![entry.to_owned()] });
        let mut words = entry.into_iter().chain(container.command.iter().cloned());
        let name = words.next().ok_or_else(|| format!("the container {} has no command to run", container.name))?;
        let program =
            find(&name).ok_or_else(|| format!("there is no program `{name}` on PATH for the image {image}"))?;
        Ok((program, words.collect()))
    }
}

/// An image's name without its tag and digest. A colon before a slash belongs to a registry's port.
fn repository(image: &str) -> &str {
    let image = image.split_once('@').map_or(image, |(name, _)| name);
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    }
}

/// As a shell finds a program.
fn find(name: &str) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(|path| is_executable(path));
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| is_executable(path))
}

fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(image: &str, entry: Option<&[&str]>, command: &[&str]) -> ContainerBrief {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        ContainerBrief {
            name: "c".to_owned(),
            image: image.to_owned(),
            entry_point: entry.map(words),
            command: words(command),
            environment: Vec::new(),
            working_directory: None,
            memory: None,
            user: None,
            read_only: false,
            init: false,
        }
    }

    #[test]
    fn the_image_to_run_always_has_a_tag() {
        let mut images = Images::default();
        images.map("mine:1", "localhost:5000/other");
        for (image, runs) in [
            ("busybox", "busybox:latest"),
            ("busybox:1.36", "busybox:1.36"),
            ("localhost:5000/a", "localhost:5000/a:latest"),
            ("a@sha256:00", "a@sha256:00"),
            ("mine:2", "localhost:5000/other:latest"),
        ] {
            assert_eq!(images.image(image), runs);
        }
    }

    #[test]
    fn an_image_is_known_by_its_name() {
        for (image, name) in [
            ("busybox", "busybox"),
            ("busybox:1.36", "busybox"),
            ("localhost:5000/a/b", "localhost:5000/a/b"),
            ("localhost:5000/a/b:c@sha256:00", "localhost:5000/a/b"),
        ] {
            assert_eq!(repository(image), name);
        }
    }

    #[test]
    fn a_program_and_its_arguments() {
        let mut images = Images::default();
        images.map("shell:1", "sh");
        images.map("bare", "");
        let run = |image: &str, entry: Option<&[&str]>, command: &[&str]| {
            let (program, arguments) = images.program(&container(image, entry, command))?;
            let name = program.file_name().map(|name| name.to_string_lossy().into_owned());
            Ok::<_, String>((name.unwrap_or_default(), arguments))
        };
        let words = |name: &str, arguments: &[&str]| {
            (name.to_owned(), arguments.iter().map(|&word| word.to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(run("shell:2", None, &["-c", "true"]), Ok(words("sh", &["-c", "true"])));
        assert_eq!(run("bare", None, &["sh", "-c"]), Ok(words("sh", &["-c"])));
        assert_eq!(run("bare", Some(&["/bin/sh", "-e"]), &["-c"]), Ok(words("sh", &["-e", "-c"])));
        assert!(run("bare", None, &[]).is_err_and(|words| words.contains("has no command")));
        assert!(run("other:1", None, &[]).is_err_and(|words| words.contains("--image other=PROGRAM")));
        assert!(run("bare", None, &["no-such-program-here"]).is_err_and(|words| words.contains("on PATH")));
    }
}
