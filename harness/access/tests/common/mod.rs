//! Inventories for tests.

use access::Inventory;
use source::{FileId, Finding, Source, Sources};
use template::Inputs;

/// Texts under their names.
pub(crate) fn sources(files: &[(&str, &str)]) -> Sources {
    let mut sources = Sources::new();
    for (name, text) in files {
        sources.add(Source::new(*name, *text));
    }
    sources
}

/// What a template makes in the account 111122223333.
pub(crate) fn of_template(text: &str) -> Result<Inventory, Vec<Finding>> {
    let sources = sources(&[("stack.yaml", text)]);
    let tree = source::yaml::read(FileId(0), text).0.unwrap();
    let inputs = Inputs::new("111122223333", "us-east-1", "stack");
    let read = template::read(&template::ready(&tree, &inputs).0).0.unwrap();
    let (stack, findings) = template::resolve(&read, &inputs);
    assert!(!findings.iter().any(Finding::is_error), "{findings:?}");
    Inventory::of_stack(&stack, "111122223333", &sources)
}
