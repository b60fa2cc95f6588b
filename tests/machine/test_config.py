"""The configuration: ranges, messages, presets, documentation."""

import contextlib
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flexdbg import ClusterConfig
from flexdbg.errors import ConfigError
from flexdbg.machine.config import PRESETS, load_config, parameters, parse_setting
from flexdbg.machine.reference import configuration_page

# Keys whose C++ field has another name.
_CPP_NAMES = {"core": "profile", "quirks": "quirks_rtl"}


def test_every_default_is_in_its_range() -> None:
    for parameter in parameters():
        parameter.check(parameter.default)


def test_names_equal_the_fields_of_the_core(root: Path) -> None:
    header = (root / "flexdbg" / "core" / "config.hpp").read_text()
    body = header[header.index("struct Config {") :]
    fields = set()
    for line in body.splitlines():
        code = line.split("//")[0]
        fields |= set(re.findall(r"(\w+) = [^,;]+[,;]", code))
    assert {_CPP_NAMES.get(parameter.name, parameter.name) for parameter in parameters()} == fields


def test_the_documentation_is_current(root: Path) -> None:
    assert (root / "docs" / "configuration.md").read_text() == configuration_page()


def test_the_default_preset_lists_every_key_with_the_default() -> None:
    assert load_config("flexv") == ClusterConfig()
    text = (Path(load_config.__code__.co_filename).parent / "presets" / "flexv.toml").read_text()
    assert set(tomllib.loads(text)) == {parameter.name for parameter in parameters()}


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_load(preset: str) -> None:
    assert isinstance(load_config(preset), ClusterConfig)


def test_toml_output_reads_back(tmp_path: Path) -> None:
    config = load_config("gvsoc", ["harts=3", "tcdm_banks=32", "l2_size=0x80000"])
    path = tmp_path / "machine.toml"
    path.write_text(config.to_toml())
    assert load_config(str(path)) == config


def test_a_file_may_start_from_a_preset(tmp_path: Path) -> None:
    path = tmp_path / "machine.toml"
    path.write_text('preset = "gap8"\nharts = 4\n')
    config = load_config(str(path))
    assert (config.core, config.harts) == ("ri5cy", 4)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("harts=99", "harts = 99: allowed is 1 to 16"),
        ("harts=2.5", "harts = 2.5: allowed is 1 to 16"),
        ("harts=many", "harts = many: allowed is 1 to 16"),
        ("hart=3", "unknown configuration key 'hart'; did you mean harts"),
        ("tcdm_size=100k", "tcdm_size = 102400: allowed is a power of two from 1024 to 1048576"),
        ("tcdm_arbiter=hcl", "allowed is one of hci, classic, classic12, round_robin"),
        ("unmapped_rtl=maybe", "allowed is true or false"),
        ("l2_base=0x1c000001", "a multiple of 4"),
        ("tcdm_base=0x10204000", "tcdm_base = 0x10204000: allowed is 0x400000 to 0xffc00000, a multiple of"),
        ("tcdm_base=0x1a000000", "overlap the SoC peripherals at 0x1a100000"),
        ("tcdm_base=0x1c000000", "overlap the cluster's window of 4 MiB at 0x1c000000"),
        ("l2_base=0x10000000", "overlap the cluster's window of 4 MiB at 0x10000000"),
        ("l2_base=0x1a000000", "overlap the SoC peripherals at 0x1a100000"),
        ("l2_base=0x1000", "overlap the alias of the cluster at 0x0"),
        ("l2_base=0xfff00000", "end beyond 32-bit addresses"),
        ("harts", "expected KEY=VALUE"),
        ("=3", "expected KEY=VALUE"),
    ],
)
def test_wrong_settings_name_key_and_range(setting: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(None, [setting])
    assert message in str(caught.value)


def test_contradictions_between_keys_are_refused() -> None:
    with pytest.raises(ConfigError, match="needs fc = 1"):
        load_config(None, ["fc=0"])
    with pytest.raises(ConfigError, match="icache_private_size = 64"):
        load_config(None, ["icache_private_size=64", "icache_private_ways=16"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("harts = ", "not a TOML file"),
        ("harts = 0", "harts = 0: allowed is 1 to 16"),
        ("harts = true", "allowed is 1 to 16"),
        ('preset = "best"', "allowed is one of flexv, gvsoc, rtl, gap8"),
        ("[cluster]\nharts = 8", "unknown configuration key 'cluster'"),
        ("tcdm_wrap = 1", "allowed is true or false"),
    ],
)
def test_wrong_files_are_explained(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "machine.toml"
    path.write_text(content)
    with pytest.raises(ConfigError) as caught:
        load_config(str(path))
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_file_suggests_presets() -> None:
    with pytest.raises(ConfigError, match="did you mean gvsoc"):
        load_config("gvsco")


@given(st.text(max_size=40))
def test_any_setting_parses_or_is_refused(text: str) -> None:
    try:
        key, value = parse_setting(text)
    except ConfigError:
        return
    assert getattr(ClusterConfig().changed({key: value}) if key != "fc" else ClusterConfig(), key) is not None


@given(st.sampled_from([p.name for p in parameters()]), st.text(max_size=20))
def test_any_value_of_a_known_key_parses_or_is_refused(key: str, text: str) -> None:
    try:
        parse_setting(f"{key}={text}")
    except ConfigError as error:
        assert key in str(error)


@given(st.binary(max_size=200))
def test_any_file_loads_or_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fuzz.toml"
    path.write_bytes(content)
    with contextlib.suppress(ConfigError):
        load_config(str(path))
