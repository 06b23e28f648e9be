//! Sets of texts, as policies write them: unions of patterns in which each step takes one character of a class, or any
//! number of them.
//!
//! A language is read letter by letter. What has been read of it is a set of positions, a bit for each: a language of
//! hundreds of values is still a few machine words, and to read a letter is a shift.

use policy::view::{Part, Reach};

#[cfg(test)]
pub(crate) mod tests;

/// A set of characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Class {
    /// Whether these are left out.
    but: bool,
    letters: Box<[char]>,
}

/// One step of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Step {
    class: Class,
    /// Whether it takes any number of characters, or exactly one.
    is_star: bool,
}

/// Steps one after the other.
pub(crate) type Pattern = Vec<Step>;

/// Which positions have been reached, as bits.
type Bits = Box<[u64]>;

/// A union of patterns, ready to be read.
#[derive(Debug)]
pub(crate) struct Language {
    start: Bits,
    ends: Bits,
    stars: Bits,
    /// The positions that take a character which no class names.
    other: Bits,
    /// Those that take a character which some class names, in the order of the characters.
    named: Vec<(char, Bits)>,
    /// What a second library is asked about.
    #[cfg(test)]
    pub(crate) patterns: Vec<Pattern>,
}

impl Class {
    const fn of(but: bool, letters: Box<[char]>) -> Self {
        Self { but, letters }
    }

    pub(crate) fn any() -> Self {
        Self::of(true, [].into())
    }

    pub(crate) fn one(letter: char) -> Self {
        Self::of(false, [letter].into())
    }

    pub(crate) fn among(letters: impl IntoIterator<Item = char>) -> Self {
        let mut letters: Vec<_> = letters.into_iter().collect();
        letters.sort_unstable();
        letters.dedup();
        Self::of(false, letters.into())
    }

    pub(crate) fn within(reach: Reach) -> Self {
        match reach {
            Reach::Anything => Self::any(),
            Reach::NoColon => Self::of(true, [':'].into()),
            Reach::NoSlash => Self::of(true, ['/'].into()),
        }
    }

    fn takes(&self, letter: char) -> bool {
        self.letters.contains(&letter) != self.but
    }
}

impl Step {
    pub(crate) const fn one(class: Class) -> Self {
        Self { class, is_star: false }
    }

    pub(crate) const fn star(class: Class) -> Self {
        Self { class, is_star: true }
    }

    /// The letter, if the step takes that one alone.
    pub(crate) fn only_letter(&self) -> Option<char> {
        match &*self.class.letters {
            [letter] if !self.is_star && !self.class.but => Some(*letter),
            _ => None,
        }
    }

    /// Adds text that the step takes: of a star the filler, as far as it takes that.
    pub(crate) fn sample(&self, filler: &str, choice: usize, text: &mut String) {
        let letters = &self.class.letters;
        if self.is_star {
            text.extend(filler.chars().filter(|&letter| self.class.takes(letter)));
        } else if self.class.but || letters.is_empty() {
            text.push('x');
        } else {
            text.push(letters[choice % letters.len()]);
        }
    }

    /// Of a part without variable.
    pub(crate) fn of(part: &Part) -> Option<Self> {
        match part {
            Part::Letter(letter) => Some(Self::one(Class::one(*letter))),
            Part::One(reach) => Some(Self::one(Class::within(*reach))),
            Part::Any(reach) => Some(Self::star(Class::within(*reach))),
            Part::Variable(_) => None,
        }
    }
}

/// A text, letter by letter.
pub(crate) fn literal(text: &str) -> Pattern {
    text.chars().map(|letter| Step::one(Class::one(letter))).collect()
}

/// A text with `*` for any characters, as we write languages of our own.
pub(crate) fn glob(text: &str) -> Pattern {
    let step = |letter| match letter {
        '*' => Step::star(Class::any()),
        _ => Step::one(Class::one(letter)),
    };
    text.chars().map(step).collect()
}

/// Texts of at least one character.
pub(crate) fn not_empty() -> Pattern {
    vec![Step::one(Class::any()), Step::star(Class::any())]
}

/// A year, or few seconds.
pub(crate) fn four_digits() -> Pattern {
    (0..4).map(|_| Step::one(Class::among('0'..='9'))).collect()
}

/// Texts of at least five colons: those that can be compared as ARNs.
pub(crate) fn six_parts() -> Pattern {
    glob("*:*:*:*:*:*")
}

/// Whether the pattern stands for every text.
pub(crate) fn is_everything(pattern: &Pattern) -> bool {
    !pattern.is_empty() && pattern.iter().all(|step| step.is_star && step.class == Class::any())
}

/// Whether the pattern stands for the empty text, among others.
pub(crate) fn may_be_empty(pattern: &Pattern) -> bool {
    pattern.iter().all(|step| step.is_star)
}

impl Language {
    pub(crate) fn new(patterns: &[Pattern]) -> Self {
        let positions: usize = patterns.iter().map(|pattern| pattern.len() + 1).sum();
        let none: Bits = vec![0; positions.div_ceil(64).max(1)].into();
        let [mut start, mut ends, mut stars] = [none.clone(), none.clone(), none.clone()];
        let mut steps = Vec::with_capacity(positions);
        for pattern in patterns {
            set(&mut start, steps.len());
            for step in pattern {
                if step.is_star {
                    set(&mut stars, steps.len());
                }
                steps.push(Some(&step.class));
            }
            set(&mut ends, steps.len());
            steps.push(None);
        }
        let takers = |takes: &dyn Fn(&Class) -> bool| {
            let mut bits = none.clone();
            steps
                .iter()
                .enumerate()
                .filter(|(_, class)| class.is_some_and(takes))
                .for_each(|(at, _)| set(&mut bits, at));
            bits
        };
        let mut letters: Vec<char> = steps.iter().flatten().flat_map(|class| class.letters.iter().copied()).collect();
        letters.sort_unstable();
        letters.dedup();
        let other = takers(&|class: &Class| class.but);
        let named = letters.into_iter().map(|letter| (letter, takers(&|class: &Class| class.takes(letter)))).collect();
        close(&mut start, &stars);
        Self {
            start,
            ends,
            stars,
            other,
            named,
            #[cfg(test)]
            patterns: patterns.to_vec(),
        }
    }

    /// How many words what has been read of it takes.
    pub(crate) fn size(&self) -> usize {
        self.start.len()
    }

    /// Nothing has been read.
    pub(crate) fn start(&self) -> &[u64] {
        &self.start
    }

    /// Reads one more letter.
    pub(crate) fn read(&self, state: &[u64], letter: char, next: &mut [u64]) {
        let takes = match self.named.binary_search_by_key(&letter, |(named, _)| *named) {
            Ok(at) => &self.named[at].1,
            Err(_) => &self.other,
        };
        let mut carry = 0;
        for at in 0..next.len() {
            let taken = state[at] & takes[at];
            let moving = taken & !self.stars[at];
            next[at] = (moving << 1) | carry | (taken & self.stars[at]);
            carry = moving >> 63;
        }
        close(next, &self.stars);
    }

    /// Whether what has been read is in it.
    pub(crate) fn accepts(&self, state: &[u64]) -> bool {
        state.iter().zip(&self.ends).any(|(state, ends)| state & ends != 0)
    }

    /// The letters that make a difference after what has been read: all others go the same way.
    pub(crate) fn telling<'a>(&'a self, state: &'a [u64]) -> impl Iterator<Item = char> + 'a {
        let tells = |takes: &Bits| (0..state.len()).any(|at| state[at] & (takes[at] ^ self.other[at]) != 0);
        self.named.iter().filter(move |(_, takes)| tells(takes)).map(|(letter, _)| *letter)
    }

    /// Whether a text is in it.
    pub(crate) fn has(&self, text: &str) -> bool {
        let mut state = self.start.clone();
        let mut next = state.clone();
        for letter in text.chars() {
            self.read(&state, letter, &mut next);
            std::mem::swap(&mut state, &mut next);
        }
        self.accepts(&state)
    }
}

fn set(bits: &mut [u64], at: usize) {
    bits[at / 64] |= 1 << (at % 64);
}

/// A star may be left without a letter.
fn close(bits: &mut [u64], stars: &[u64]) {
    loop {
        let (mut carry, mut is_done) = (0, true);
        for at in 0..bits.len() {
            let leaving = bits[at] & stars[at];
            let more = ((leaving << 1) | carry) & !bits[at];
            carry = leaving >> 63;
            is_done &= more == 0;
            bits[at] |= more;
        }
        if is_done {
            return;
        }
    }
}
