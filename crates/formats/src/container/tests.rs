//! Tests of containers that are made here.

use std::io::Read as _;

use super::*;

mod broken;
mod corpus;
mod limits;
mod made;
mod nested;
mod sound;

/// The members of a container that can be read as a whole.
fn list<'b>(bytes: &'b [u8], limits: &Limits) -> Vec<Member<'b>> {
    Container::of_file(bytes).members("outer.bin", limits).expect("a container that can be listed")
}

/// Reads a member. Returns its bytes, and how the reading ended.
fn read(member: &Member<'_>) -> (Vec<u8>, Result<(), ContainerError>) {
    let mut given = Vec::new();
    let mut reader = match member.reader() {
        Ok(reader) => reader,
        Err(error) => return (given, Err(error)),
    };
    let mut piece = [0; 1000];
    loop {
        match reader.read(&mut piece) {
            Ok(0) => return (given, Ok(())),
            Ok(length) => given.extend_from_slice(&piece[..length]),
            Err(error) => return (given, Err(ContainerError::find_in(&error).expect("an error of containers").clone())),
        }
    }
}

/// Reads all members up to the first error.
fn read_all(bytes: &[u8], limits: &Limits) -> Result<Vec<(String, Vec<u8>)>, ContainerError> {
    let members = Container::of_file(bytes).members("outer.bin", limits)?;
    let whole = |member: &Member<'_>| {
        let (given, ended) = read(member);
        ended.map(|()| (member.name().to_string(), given))
    };
    members.iter().map(whole).collect()
}
