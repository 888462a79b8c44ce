"""The network that a request comes from, however its address is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.extensions import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:5060", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::FFFF:c000:0201", "192.0.2.1"),
        ("[::ffff:192.0.2.1]:443", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8:0:0:1::", "2001:db8::/64"),
        ("2001:0db8:0000:0000:ffff:ffff:ffff:ffff", "2001:db8::/64"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::7]:443", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::7]", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        (" 192.0.2.1 ", "192.0.2.1"),
        ("", "unknown"),
        ("unknown", "unknown"),
        ("localhost", "unknown"),
        ("192.0.2.300", "unknown"),
        ("2001:db8::1::2", "unknown"),
        ("_gazonk", "unknown"),
        ("1.2.3.4\r\nX: y", "unknown"),
    ],
)
def test_an_address_has_one_network(address, network):
    assert network_of(address) == network


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_all_addresses_of_a_home_have_the_same_network(address, rest):
    neighbour = type(address)((int(address) >> 64 << 64) + rest)
    if address.ipv4_mapped is None and neighbour.ipv4_mapped is None:
        assert network_of(str(address)) == network_of(neighbour.exploded)


@given(st.text(max_size=60))
def test_anything_else_is_unknown_and_no_error(text):
    assert network_of(text)
