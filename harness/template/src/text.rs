//! The text of a template.

use source::{FileId, Finding, Node, Severity};

/// Reads a template in YAML or JSON; gives what could be read, and everything there is to say.
///
/// CloudFormation takes a template in which a key stands twice, and the last one counts: that is a warning. No page of AWS's
/// says so; ValidateTemplate and GetTemplateSummary were asked (github.com/go-to-k/cdk-real-drift/issues/1074).
#[must_use]
pub fn parse(file: FileId, text: &str) -> (Option<Node>, Vec<Finding>) {
    let (tree, mut findings) = source::yaml::read(file, text);
    for finding in findings.iter_mut().filter(|finding| finding.code == "DUPLICATE_KEY") {
        finding.severity = Severity::Warning;
        finding.help = Some("CloudFormation takes the last one: keep that".to_owned());
    }
    (tree, findings)
}
