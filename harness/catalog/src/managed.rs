//! AWS's managed policies, as data.

#[cfg(test)]
mod tests;

/// One line per policy, sorted by ARN, with tabs between ARN, default version, creation, last change and document.
const TEXT: &str = include_str!("../data/managed-policies.txt");

/// A managed policy that AWS owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ManagedPolicy {
    /// `arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy`, in the partition `aws`.
    pub arn: &'static str,
    /// `AmazonECSTaskExecutionRolePolicy`
    pub name: &'static str,
    /// `/service-role/`
    pub path: &'static str,
    /// Its default version: `v1`.
    pub version: &'static str,
    /// When its first version was made: `2017-11-16T18:48:22+00:00`.
    pub created: &'static str,
    /// When its default version was made.
    pub updated: &'static str,
    /// The default version's JSON, without spaces.
    pub document: &'static str,
}

/// The policy with an ARN, of whatever partition: `arn:aws-cn:iam::aws:policy/ReadOnlyAccess` is ReadOnlyAccess. Names of
/// policies keep their letter case, so it counts.
/// docs.aws.amazon.com/singlesignon/latest/APIReference/API_AttachedManagedPolicy.html
#[must_use]
pub fn get(arn: &str) -> Option<ManagedPolicy> {
    let (partition, of_partition) = arn.strip_prefix("arn:")?.split_once(':')?;
    let is_partition = partition == "aws" || partition.starts_with("aws-");
    is_partition.then(|| find(of_partition)).flatten()
}

/// The policy whose ARN goes on so after its partition.
fn find(of_partition: &str) -> Option<ManagedPolicy> {
    // A binary search in the text itself: no index, and no page of the text read but those it lands on.
    let mut rest = TEXT;
    while !rest.is_empty() {
        // All characters of the file are ASCII; a test holds it to that.
        let middle = rest.len() / 2;
        let start = rest.get(..middle)?.rfind('\n').map_or(0, |at| at + 1);
        let end = start + rest.get(start..)?.find('\n')? + 1;
        let policy = read(&rest[start..end])?;
        match policy.arn.strip_prefix("arn:aws:")?.cmp(of_partition) {
            std::cmp::Ordering::Equal => return Some(policy),
            std::cmp::Ordering::Less => rest = &rest[end..],
            std::cmp::Ordering::Greater => rest = &rest[..start],
        }
    }
    None
}

/// All of them, by ARN.
pub fn all() -> impl Iterator<Item = ManagedPolicy> {
    TEXT.lines().filter_map(read)
}

fn read(line: &'static str) -> Option<ManagedPolicy> {
    let mut fields = line.trim_end_matches('\n').splitn(5, '\t');
    let arn = fields.next()?;
    let resource = arn.strip_prefix("arn:aws:iam::aws:policy")?;
    let (path, name) = resource.split_at(resource.rfind('/')? + 1);
    let (version, created, updated) = (fields.next()?, fields.next()?, fields.next()?);
    Some(ManagedPolicy { arn, name, path, version, created, updated, document: fields.next()? })
}
