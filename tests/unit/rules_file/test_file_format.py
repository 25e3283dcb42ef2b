"""file_format: the words of the format agree with those of the packages and the ranges."""

from typing import get_args

import msgspec

from promoter.packages.package import FORMATS, PURL_TYPES
from promoter.rules.vocabulary import Format
from promoter.rules_file.file_format import PromotionEntry, Requirements, VersionsKey
from promoter.versions import LANGUAGES


def test_every_format_has_a_language_of_ranges() -> None:
    assert set(get_args(Format)) == set(FORMATS) == set(LANGUAGES)


def test_a_table_of_versions_has_a_key_for_each_format_and_each_package_url_type() -> None:
    assert set(get_args(VersionsKey)) == {*FORMATS, *PURL_TYPES.values()}


def test_a_promotion_has_every_key_of_the_defaults_and_three_more() -> None:
    own = {field.encode_name for field in msgspec.structs.fields(PromotionEntry)}
    shared = {field.encode_name for field in msgspec.structs.fields(Requirements)}

    assert own - shared == {"name", "from", "to"}
    assert shared <= own
