"""Key settings for desk phones: exactly what each brand's file wants, whatever people call their slots."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lots.config.gate import UnsafeValue
from lots.config.phone_keys import LONGEST_LABEL, MOST_KEYS, Brand, keys, plain, wanted_keys
from lots.config.setup import Lot

LOT = Lot(name="desk", label="Reception", park_code="700", next_code="*86", first=701, last=702)
NAMES = {702: "Pharmacy"}

EXPECTED = {
    Brand.YEALINK: """\
#!version:1.0.0.1
## A key pressed during a call transfers it blind: the caller is parked.
transfer.dsskey_deal_type = 2
linekey.2.type = 16
linekey.2.line = 1
linekey.2.value = 700
linekey.2.label = Park Reception
linekey.3.type = 13
linekey.3.line = 1
linekey.3.value = *86
linekey.3.label = Next Reception
linekey.4.type = 16
linekey.4.line = 1
linekey.4.value = 701
linekey.4.label = 701
linekey.5.type = 16
linekey.5.line = 1
linekey.5.value = 702
linekey.5.label = 702 Pharmacy
""",
    Brand.SNOM: """\
<?xml version="1.0" encoding="utf-8"?>
<functionKeys>
  <fkey idx="1" context="1" label="Park Reception" perm="">orbit sip:700@192.0.2.5:5070</fkey>
  <fkey idx="2" context="1" label="Next Reception" perm="">speed *86</fkey>
  <fkey idx="3" context="1" label="701" perm="">orbit sip:701@192.0.2.5:5070</fkey>
  <fkey idx="4" context="1" label="702 Pharmacy" perm="">orbit sip:702@192.0.2.5:5070</fkey>
</functionKeys>
""",
    Brand.POLY: """\
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<!-- To park in a certain slot: Transfer, Blind, then the slot's key. -->
<parkinglot
  attendant.reg="1"
  attendant.resourceList.1.address="700" attendant.resourceList.1.label="Park Reception" \
attendant.resourceList.1.type="automata"
  attendant.resourceList.2.address="701" attendant.resourceList.2.label="701" attendant.resourceList.2.type="automata"
  attendant.resourceList.3.address="702" attendant.resourceList.3.label="702 Pharmacy" \
attendant.resourceList.3.type="automata"
  feature.enhancedFeatureKeys.enabled="1"
  softkey.1.enable="1" softkey.1.label="Park" softkey.1.action="700$Trefer$" softkey.1.use.active="1"
  softkey.2.enable="1" softkey.2.label="Next" softkey.2.action="*86$Tinvite$" softkey.2.use.idle="1"
/>
""",
    Brand.GENERIC: """\
Key  Type        Number  Label
2    BLF         700     Park Reception
3    Speed dial  *86     Next Reception
4    BLF         701     701
5    BLF         702     702 Pharmacy

BLF (busy lamp field): the key watches the number and dials it. During a call it must transfer blind
(often called “transfer mode via key: blind”). Account or line: the first.
""",
}


@pytest.mark.parametrize("brand", EXPECTED)
def test_the_text(brand: Brand) -> None:
    assert keys(LOT, NAMES, brand, "192.0.2.5:5070") == EXPECTED[brand]


def test_grandstreams_keys_follow_one_another() -> None:
    root = ET.fromstring(keys(LOT, NAMES, Brand.GRANDSTREAM))
    items = {item.get("name"): item.text for item in root.iter("item")}
    assert items.pop("call.transfer.modeViaVpk") == "BlindTransfer"
    assert items.pop("transfer.nontransfer.mpk.enable") == "Yes"
    assert {name: value for name, value in items.items() if name and name.startswith("pks.vpk.3.")} == {
        "pks.vpk.3.keyMode": "SpeedDial",
        "pks.vpk.3.account": "Account1",
        "pks.vpk.3.description": "Next Reception",
        "pks.vpk.3.value": "*86",
    }
    assert items["pks.vpk.5.keyMode"] == "MonitoredCallPark"
    assert sorted({int(str(name).split(".")[2]) for name in items}) == [2, 3, 4, 5]


def test_without_a_code_there_is_no_key_to_take_next() -> None:
    lot = Lot(name="desk", first=701, last=701)
    for brand in Brand:
        assert "Next" not in keys(lot, {}, brand)


def test_a_phone_has_only_so_many_keys() -> None:
    lot = Lot(name="desk", first=1001, last=2000)
    assert len(wanted_keys(lot, {})) == MOST_KEYS


@pytest.mark.parametrize("host", ["", "pbx example", "pbx;x", "-pbx", "pbx\n", 'a"b', "a" * 300])
def test_an_address_that_is_none(host: str) -> None:
    with pytest.raises(UnsafeValue):
        keys(LOT, {}, Brand.SNOM, host)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_name_says_more_than_a_name(label: str, name: str) -> None:
    lot = Lot(name="desk", label=label, next_code="*86", first=701, last=702)
    calm = {
        brand: keys(Lot(name="desk", label="x", next_code="*86", first=701, last=702), {}, brand) for brand in Brand
    }
    for brand in Brand:
        text = keys(lot, {701: name}, brand)
        assert len(text.splitlines()) == len(calm[brand].splitlines()), "one line each, whatever it is called"
        if brand in {Brand.POLY, Brand.GRANDSTREAM, Brand.SNOM}:
            assert [node.tag for node in ET.fromstring(text).iter()] == [
                n.tag for n in ET.fromstring(calm[brand]).iter()
            ]
    assert len(plain(label)) <= LONGEST_LABEL
    assert plain(plain(label)) == plain(label)
