//! What a question lacks.

use policy::plain;

use crate::args::Simulate;
use crate::output;

const EXAMPLE: &str = "\
ask as in
  tagproof simulate --action s3:GetObject \\
    --principal arn:aws:iam::111122223333:role/app \\
    --resource arn:aws:s3:::bucket/key --identity policy.json
`tagproof simulate -h` lists the options";

/// Tells what is missing, and what stands there for no option. Whether there is any.
pub(super) fn tell(arguments: &Simulate) -> bool {
    for word in &arguments.stray {
        let word = plain(word);
        output::note(&format!("error: `{word}` belongs to no option\nhelp: give a policy as `--identity {word}`"));
    }
    let missing = missing(arguments);
    if arguments.given.template.is_some() && missing == ["--principal"] {
        output::note("error: nothing says who asks\nhelp: --role or --user names the caller, which the template makes");
    } else if let Some((last, before)) = missing.split_last() {
        let (names, verb) = match before {
            [] => ((*last).to_owned(), "is"),
            before => (format!("{} and {last}", before.join(", ")), "are"),
        };
        output::note(&format!("error: {names} {verb} missing\nhelp: {EXAMPLE}"));
    }
    !missing.is_empty() || !arguments.stray.is_empty()
}

fn missing(arguments: &Simulate) -> Vec<&'static str> {
    if arguments.batch.is_some() {
        return Vec::new();
    }
    let is_asked = arguments.operation.is_some();
    let has_principal =
        arguments.principal.is_some() || arguments.given.role.is_some() || arguments.given.user.is_some();
    [
        (has_principal, "--principal"),
        (is_asked || arguments.action.is_some(), "--action"),
        (is_asked || !arguments.resource.is_empty(), "--resource"),
    ]
    .into_iter()
    .filter(|(is_there, _)| !is_there)
    .map(|(_, name)| name)
    .collect()
}
