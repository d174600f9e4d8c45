//! All members of a container, with those of containers within it, in their order.

use std::collections::HashSet;
use std::sync::Arc;

use super::error::ContainerError;
use super::kind::Kind;
use super::limits::{ContainerAccount, Limits, MemberAccount};
use super::member::Member;
use super::name::MemberName;
use super::packed::Packed;
use super::passed_over::PassedOver;
use super::unpack::Method;
use super::zip;

/// Lists members while it goes down into containers.
pub(super) struct Lister<'b> {
    account: Arc<ContainerAccount>,
    entries_left: u64,
    held_bytes: u64,
    names: HashSet<MemberName>,
    members: Vec<Member<'b>>,
    passed_over: Vec<PassedOver>,
}

impl<'b> Lister<'b> {
    pub(super) fn new(limits: Limits, packed_bytes: u64) -> Self {
        Self {
            account: ContainerAccount::new(limits, packed_bytes),
            entries_left: limits.members,
            held_bytes: 0,
            names: HashSet::new(),
            members: Vec::new(),
            passed_over: Vec::new(),
        }
    }

    pub(super) fn into_members(self) -> Vec<Member<'b>> {
        self.members
    }

    pub(super) fn into_passed_over(self) -> Vec<PassedOver> {
        self.passed_over
    }

    fn limits(&self) -> Limits {
        *self.account.limits()
    }

    /// Lists the members of the container `name`, which lies `level` levels deep in other containers.
    pub(super) fn container(
        &mut self,
        packed: &Packed<'b>,
        kind: Kind,
        name: &MemberName,
        level: u32,
    ) -> Result<(), ContainerError> {
        match kind {
            Kind::Plain => self.plain(packed, name),
            Kind::Zip => return self.archive(packed, name, level),
            Kind::Gzip => return self.stream(packed, name, Method::Gzip, level),
            Kind::Zstd => return self.stream(packed, name, Method::Zstd, level),
            Kind::Foreign(format) => return Err(ContainerError::Foreign { format }),
        }
        Ok(())
    }

    fn plain(&mut self, packed: &Packed<'b>, name: &MemberName) {
        self.add(Member::plain(name, packed));
    }

    fn stream(&mut self, packed: &Packed<'b>, name: &MemberName, method: Method, level: u32) -> Result<(), ContainerError> {
        let endings: &[&str] = if method == Method::Gzip { &[".gz", ".gzip"] } else { &[".zst", ".zstd"] };
        let within = name.without_ending(endings);
        self.entries_left =
            self.entries_left.checked_sub(1).ok_or(ContainerError::TooManyMembers { limit: self.limits().members })?;
        let member = Member {
            name: if level == 0 { within } else { name.join(&MemberName::new(within.file_name())) },
            packed: packed.clone(),
            packed_bytes: packed.len(),
            method,
            declared: None,
            account: Some(MemberAccount::new(&self.account)),
            refused: None,
        };
        self.member(member, level)
    }

    fn archive(&mut self, packed: &Packed<'b>, name: &MemberName, level: u32) -> Result<(), ContainerError> {
        let limits = self.limits();
        let zip::Entries { files, empty } = zip::entries(packed, &mut self.entries_left, &limits)?;
        let whole_name = |within: MemberName| if level == 0 { within } else { name.join(&within) };
        self.passed_over.extend(empty.into_iter().map(|within| PassedOver::Empty(whole_name(within))));
        for entry in files {
            let is_foreign = entry.name.is_of_other_system();
            let name = whole_name(entry.name);
            if is_foreign {
                self.passed_over.push(PassedOver::OtherSystem(name));
                continue;
            }
            let (found, refused) = match entry.found {
                Ok(found) => (found, limits.check_member(&name, entry.declared.bytes, entry.packed_bytes).err()),
                Err(error) => ((Method::Stored, Packed::held(Vec::new())), Some(error)),
            };
            let member = Member {
                name,
                packed: found.1,
                packed_bytes: entry.packed_bytes,
                method: found.0,
                declared: Some(entry.declared),
                account: Some(MemberAccount::new(&self.account)),
                refused,
            };
            self.member(member, level)?;
        }
        Ok(())
    }

    /// Adds a member, or its members if it is a container itself.
    fn member(&mut self, mut member: Member<'b>, level: u32) -> Result<(), ContainerError> {
        let kind = if member.refused.is_none() { member.kind_within()? } else { Kind::Plain };
        if kind != Kind::Plain {
            match self.nested(&member, kind, level) {
                Ok(()) => return Ok(()),
                Err(error) if error.is_of_container() => return Err(error),
                Err(error) => member.refused = Some(error),
            }
        }
        self.add(member);
        Ok(())
    }

    /// Lists the members of a member that is a container. Its errors are errors of the member, except for limits on all members together.
    fn nested(&mut self, member: &Member<'b>, kind: Kind, level: u32) -> Result<(), ContainerError> {
        let limits = self.limits();
        let nested = |cause| ContainerError::Nested { member: member.name.clone(), cause: Box::new(cause) };
        if let Kind::Foreign(format) = kind {
            return Err(nested(ContainerError::Foreign { format }));
        }
        if level >= limits.nesting {
            return Err(ContainerError::NestedTooDeep { member: member.name.clone(), limit: limits.nesting });
        }
        let packed = member.hold(limits.held_bytes - self.held_bytes, limits.held_bytes)?;
        if Kind::of_file(packed.bytes()) == Kind::Plain {
            self.add(member.clone());
            return Ok(());
        }
        let held_bytes = packed.held_bytes_beyond(&member.packed);
        self.held_bytes += held_bytes;
        let members_before = self.members.len();
        self.container(&packed, kind, &member.name, level + 1).map_err(|error| {
            for dropped in self.members.drain(members_before..) {
                self.names.remove(&dropped.name);
            }
            self.held_bytes -= held_bytes;
            let is_of_all = error.is_limit() && error.is_of_container();
            if is_of_all { error } else { nested(error) }
        })
    }

    fn add(&mut self, mut member: Member<'b>) {
        if !self.names.insert(member.name.clone()) && member.refused.is_none() {
            member.refused = Some(ContainerError::NameTwice { member: member.name.clone() });
        }
        self.members.push(member);
    }
}
