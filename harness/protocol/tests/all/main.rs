//! The codec, held by every operation of every model in every protocol that its service speaks.

#[cfg(test)]
mod botocore;
#[cfg(test)]
mod large;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod samples;
