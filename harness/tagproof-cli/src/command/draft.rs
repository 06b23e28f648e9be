//! A template, looked through as if somebody had written a scenario for it.

use std::path::Path;

use init::{Draft, DraftError, Order};
use matrix::LoadError;

use crate::output;

/// What a template comes to. `file` is the scenario that there would be, and `template` the path to the template from its
/// folder. None: the template has errors, and all have been shown.
///
/// # Errors
/// The template cannot be read, AWS would refuse what it makes, or there is nothing in it to try.
pub(super) fn draft(path: &Path, file: &Path, template: &str) -> anyhow::Result<Option<Draft>> {
    anyhow::ensure!(path.exists(), "{}", matrix::no_file(path, path));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let order = Order { title: format!("Who reaches what by {name}"), template: template.to_owned() };
    match init::draft(&order, &|text| matrix::draft(file, text)) {
        Ok(draft) => Ok(Some(draft)),
        Err(DraftError::Load(LoadError::Faulty { sources, findings })) => {
            // Nobody has written the scenario that names the template.
            if let Some(none) = findings.iter().find(|finding| finding.code == "NO_TEMPLATE") {
                anyhow::bail!("{}", none.message);
            }
            output::note_findings(&report::findings(&findings, &sources, output::page_of_notes()));
            Ok(None)
        }
        Err(error) => Err(anyhow::anyhow!("nothing can be tried of {}: {error}", path.display())),
    }
}
