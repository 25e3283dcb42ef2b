"""The CloudFormation methods that the resource types of this package share.

Needed with moto 5.2.5: `CloudFormationModel` has five abstract methods and no defaults for them.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Self


@dataclass(frozen=True, slots=True)
class Place:
    """The account and the region of a stack."""

    account: str
    region: str


class ReplaceableResource:
    """A resource type that is put again when its stack is updated.

    List it before `CloudFormationModel` among the bases of a type. moto finds types only among the direct
    subclasses of `CloudFormationModel`, so this class must not derive from it.
    """

    TYPE: ClassVar[str]
    """The type's name in a template."""
    NAME_PROPERTY: ClassVar[str] = ""
    """The property with the physical name; empty if there is none."""

    def __init__(self, physical_id: str, place: Place, properties: Any) -> None:
        self.physical_resource_id = physical_id
        self.place = place
        self._properties = properties

    def delete(self, account_id: str, region_name: str) -> None:
        """Delete the resource with its stack. moto prefers this method, and has the properties unresolved."""
        self.remove(self.physical_resource_id, self._properties, Place(account_id, region_name))

    @classmethod
    def put(cls, name: str, properties: Any, place: Place) -> str:
        """Create the resource. Return its physical id."""
        raise NotImplementedError

    @classmethod
    def remove(cls, physical_id: str, properties: Any, place: Place) -> None:
        """Delete the resource."""
        raise NotImplementedError

    @classmethod
    def cloudformation_name_type(cls) -> str:
        """Return the property with the physical name."""
        return cls.NAME_PROPERTY

    @classmethod
    def cloudformation_type(cls) -> str:
        """Return the type's name in a template."""
        return cls.TYPE

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **_: Any
    ) -> Self:
        """Create the resource of a new stack."""
        place = Place(account_id, region_name)
        properties = cloudformation_json["Properties"]
        return cls(cls.put(resource_name, properties, place), place, properties)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Self,
        new_resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
    ) -> Self:
        """Replace the resource under its old name; `new_resource_name` may be a random one."""
        name, properties = original_resource.physical_resource_id, cloudformation_json["Properties"]
        cls.remove(name, original_resource._properties, original_resource.place)
        return cls(cls.put(name, properties, original_resource.place), original_resource.place, properties)

    @classmethod
    def delete_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str
    ) -> None:
        """Delete the resource with its stack."""
        cls.remove(resource_name, cloudformation_json["Properties"], Place(account_id, region_name))
