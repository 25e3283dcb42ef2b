"""Finds out who calls: users and roles of moto's IAM, by the access key of the request."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends


@dataclass(frozen=True, kw_only=True)
class Principal:
    """A user, a role, or the account's administrator."""

    arn: str
    """The ARN of the user or the role, as the condition key aws:PrincipalArn has it."""
    session_arn: str
    """The ARN that error messages show: that of the role's session; else the same."""
    account: str
    documents: tuple[str, ...] = ()
    """The identity policies, as JSON."""
    is_administrator: bool = False
    """True: allowed everything that no resource policy denies."""

    @property
    def context(self) -> Mapping[str, str]:
        """The condition keys about the principal, in lower case."""
        return {
            "aws:principalarn": self.arn,
            "aws:principalaccount": self.account,
            "aws:principalisawsservice": "false",
        }


@dataclass(frozen=True)
class Caller:
    """The access key of a request, and its account."""

    account: str
    access_key: str
    partition: str = "aws"

    def principal(self) -> Principal:
        """Return the principal with its present policies.

        Our choice: an access key that IAM does not know, and a role that does not exist, are an administrator's.
        """
        user = self._find_user()
        if user is not None:
            documents = tuple(self._user_documents(user))
            return Principal(
                arn=user.arn,
                session_arn=user.arn,
                account=self.account,
                documents=documents,
            )
        session = self._find_session()
        if session is not None:
            return self._assumed(session)
        root = f"arn:{self.partition}:iam::{self.account}:root"
        return Principal(
            arn=root, session_arn=root, account=self.account, is_administrator=True
        )

    def _find_user(self) -> Any | None:
        users = (
            user
            for iam in _backends(iam_backends, self.account)
            for user in iam.users.values()
        )
        return next(
            (
                u
                for u in users
                if any(k.access_key_id == self.access_key for k in u.access_keys)
            ),
            None,
        )

    def _find_session(self) -> Any | None:
        for sts in _backends(sts_backends, self.account):
            return sts.get_assumed_role_from_access_key(self.access_key)
        return None

    def _user_documents(self, user: Any) -> Iterator[str]:
        yield from _documents(user)
        for iam in _backends(iam_backends, self.account):
            for group in iam.groups.values():
                if user in group.users:
                    yield from _documents(group)

    def _assumed(self, session: Any) -> Principal:
        roles = (
            role
            for iam in _backends(iam_backends, self.account)
            for role in iam.roles.values()
        )
        role = next((role for role in roles if role.arn == session.role_arn), None)
        return Principal(
            arn=session.role_arn,
            session_arn=session.arn,
            account=self.account,
            documents=tuple(_documents(role)) if role else (),
            is_administrator=role is None,
        )


def _backends(backends: Any, account: str) -> list[Any]:
    """Return the account's backends that exist. To create one takes moto a while."""
    return [
        backend
        for owner, _, backend in list(backends.iter_backends())
        if owner == account
    ]


def _documents(identity: Any) -> Iterable[str]:
    """Yield the policies of a user, a group or a role, inline and attached."""
    yield from identity.policies.values()
    for policy in identity.managed_policies.values():
        yield next(
            version.document for version in policy.versions if version.is_default
        )
