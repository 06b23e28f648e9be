//! Where in a message a value stands.

use std::fmt;

/// The way from a message down to a value. It is told only if something is wrong there: a text for each value would take
/// time that grows with the square of the message's length, since keys are as long as a client likes.
#[derive(Clone, Copy)]
pub(crate) enum Location<'l> {
    /// The message as a whole.
    Message,
    /// A member of a structure.
    Member(&'l Location<'l>, &'l str),
    /// The value of a key of a map.
    Key(&'l Location<'l>, &'l str),
    /// An item of a list, from 0.
    Item(&'l Location<'l>, usize),
}

/// `tags[0].key`
impl fmt::Display for Location<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message => Ok(()),
            Self::Member(Self::Message, name) | Self::Key(Self::Message, name) => out.write_str(name),
            Self::Member(above, name) | Self::Key(above, name) => write!(out, "{above}.{name}"),
            Self::Item(above, at) => write!(out, "{above}[{at}]"),
        }
    }
}

/// A location as AWS's errors name it: `tags.1.member.key`, where `RoleName` is `roleName`.
pub(crate) struct AsInErrors<'l>(pub(crate) &'l Location<'l>);

impl fmt::Display for AsInErrors<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separate = |out: &mut fmt::Formatter<'_>, above: &Location<'_>| match above {
            Location::Message => Ok(()),
            above => write!(out, "{}.", AsInErrors(above)),
        };
        match self.0 {
            Location::Message => Ok(()),
            Location::Member(above, name) => {
                separate(out, above)?;
                let mut rest = name.chars();
                let first = rest.next().map(|first| first.to_ascii_lowercase());
                write!(out, "{}{}", first.map(String::from).unwrap_or_default(), rest.as_str())
            }
            Location::Key(above, key) => {
                separate(out, above)?;
                write!(out, "{key}.member")
            }
            Location::Item(above, at) => {
                separate(out, above)?;
                write!(out, "{}.member", at + 1)
            }
        }
    }
}
