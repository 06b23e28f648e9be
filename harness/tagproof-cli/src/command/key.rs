//! `tagproof key`.

use std::path::{Path, PathBuf};

use catalog::Service;
use policy::Kind;
use report::{Beside, Card, Used};
use source::{Finding, Source, Sources};

use crate::args::{Key, SCENARIOS};
use crate::exit::Exit;
use crate::output;

use super::{scenarios, text};

pub(crate) fn key(arguments: &Key) -> anyhow::Result<Exit> {
    let cards = report::cards(&arguments.name).map_err(anyhow::Error::msg)?;
    let service = arguments.service.as_deref().map(service).transpose()?;
    let is_of_key = cards.iter().any(|card| matches!(card, Card::Key(_)));
    anyhow::ensure!(
        service.is_none() || is_of_key,
        "--service is for condition keys, and {} is an action: leave it out",
        policy::plain(&arguments.name)
    );
    let used = match arguments.policy[..] {
        [] => None,
        ref paths => match used(paths)? {
            Some(used) => Some(used),
            None => return Ok(Exit::NotRun),
        },
    };
    let mut parts = Vec::new();
    for card in cards {
        let shown_by = shown_by(card);
        let beside = Beside { service, all: arguments.all, shown_by: &shown_by, used: used.as_deref() };
        parts.push(match arguments.json {
            true => format!("{}\n", card.json(&beside)),
            false => report::laid_out(&card.text(&beside), output::page()),
        });
    }
    output::data(&parts.join(if arguments.json { "" } else { "\n" }))?;
    Ok(Exit::AsExpected)
}

fn service(prefix: &str) -> anyhow::Result<Service> {
    catalog::service(prefix).ok_or_else(|| {
        let near = source::suggest(prefix, catalog::services().map(Service::prefix));
        let near = near.map(|near| format!("did you mean `{near}`?"));
        let help = near.unwrap_or_else(|| "name what stands before the colon of its actions, such as ec2".to_owned());
        anyhow::anyhow!("AWS has no service with the prefix `{}`\nhelp: {help}", policy::plain(prefix))
    })
}

/// Every use of a condition key in some files. None: a file cannot be read, and all of its errors have been shown.
fn used(paths: &[PathBuf]) -> anyhow::Result<Option<Vec<Used>>> {
    let mut sources = Sources::new();
    let (mut all, mut findings) = (Vec::new(), Vec::new());
    for path in paths {
        let (name, text) = match path.as_os_str() == "-" {
            true => ("standard input".to_owned(), text::of_stdin(text::LARGEST)?),
            false => (path.display().to_string(), text::document(path, text::LARGEST)?),
        };
        let file = sources.add(Source::new(name.as_str(), text.as_str()));
        let (documents, said) = lint::documents(file, &text, None);
        findings.extend(said);
        anyhow::ensure!(
            !documents.is_empty() || findings.iter().any(Finding::is_error),
            "{name} has no policy: expected a policy in JSON, a template in YAML or JSON, or what the AWS CLI prints of \
             policies"
        );
        findings.extend(documents.iter().flat_map(|(kind, node)| lint::faults(node, *kind)));
        let of = |(kind, node): &(Kind, source::Node)| lint::uses(node, *kind);
        all.extend(documents.iter().flat_map(of));
    }
    if findings.iter().any(Finding::is_error) {
        output::note_findings(&report::findings(&findings, &sources, output::page_of_notes()));
        return Ok(None);
    }
    // A policy that stands in a template twice is read twice.
    all.sort_by_key(|one| (one.span, one.name.clone(), one.operator.clone()));
    all.dedup_by(|one, other| (one.span, &one.name, &one.operator) == (other.span, &other.name, &other.operator));
    Ok(Some(all.into_iter().map(|one| Used { place: sources.locate(one.span), one }).collect()))
}

/// The scenarios of this folder that use what the card is about. One that cannot be read shows nothing.
fn shown_by(card: Card) -> Vec<String> {
    let files = tagproof::scenario_files(Path::new(SCENARIOS)).unwrap_or_default();
    let is_used = |path: &&PathBuf| scenarios::tree(path).is_some_and(|tree| card.is_used_by(&tree));
    files.iter().filter(is_used).filter_map(|path| scenarios::name(path)).collect()
}
