//! The symptoms in the README of a folder of scenarios.

/// One row of a table `| Symptom | Scenario |`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symptom {
    /// The heading above the table.
    pub section: String,
    /// What somebody sees.
    pub text: String,
    /// The scenarios about it, by the names of their folders.
    pub scenarios: Vec<String>,
}

impl Symptom {
    /// Whether each of some words is in it, letter case aside.
    #[must_use]
    pub fn has(&self, words: &str) -> bool {
        let all = format!("{} {} {}", self.section, self.text, self.scenarios.join(" ")).to_lowercase();
        words.to_lowercase().split_whitespace().all(|word| all.contains(word))
    }
}

/// The symptoms of a README in its order: the rows of its tables that are headed `Symptom`, whose last cell links to folders.
/// Its other tables find scenarios by key and the like.
#[must_use]
pub fn symptoms(readme: &str) -> Vec<Symptom> {
    let (mut section, mut is_of_symptoms) = (String::new(), false);
    let mut found = Vec::new();
    for line in readme.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            (section, is_of_symptoms) = (heading.trim().to_owned(), false);
        }
        let Some(cells) = line.trim().strip_prefix('|').and_then(|line| line.strip_suffix('|')) else { continue };
        let Some((text, links)) = cells.rsplit_once('|') else { continue };
        is_of_symptoms |= text.trim() == "Symptom";
        let scenarios: Vec<String> = links.split("](").skip(1).filter_map(folder).collect();
        if is_of_symptoms && !scenarios.is_empty() {
            found.push(Symptom { section: section.clone(), text: text.trim().to_owned(), scenarios });
        }
    }
    found
}

/// `name` of `name), [other`.
fn folder(link: &str) -> Option<String> {
    let name = link.split(')').next()?.trim_end_matches('/');
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_with_links_are_symptoms() {
        let readme = "# Title\n[x](y)\n## One\n\n| Symptom | Scenario |\n|---|---|\n\
                      | It `a | b` fails. | [x](x), [y](y/) |\n## Two\n| Symptom | Scenario |\n\
                      | No link | here |\n| Other | [z](z) |\n## By key\n| Key | Scenarios |\n| `aws:TagKeys` | [z](z) |\n";
        let symptom = |section: &str, text: &str, scenarios: &[&str]| Symptom {
            section: section.to_owned(),
            text: text.to_owned(),
            scenarios: scenarios.iter().map(|name| (*name).to_owned()).collect(),
        };
        let expected = [symptom("One", "It `a | b` fails.", &["x", "y"]), symptom("Two", "Other", &["z"])];
        assert_eq!(symptoms(readme), expected);
        assert!(expected[0].has("FAILS one") && !expected[0].has("fails two"));
    }

    /// Each scenario is in it, and each link leads to one.
    #[test]
    fn the_readme_of_the_scenarios_is_read() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
        let readme = std::fs::read_to_string(folder.join("README.md")).unwrap_or_default();
        let found = symptoms(&readme);
        assert!(found.len() > 30, "{found:?}");
        for name in found.iter().flat_map(|symptom| &symptom.scenarios) {
            assert!(folder.join(name).join("scenario.yaml").is_file(), "{name}");
        }
    }
}
